/** Apart from the schema, so that a page can say them before it loads what checks them. */
export const DEFAULT_TIME_LIMIT_SECONDS = 3_600
export const MAX_TIME_LIMIT_SECONDS = 86_400
/** Of one app, those that wait included: each has up to the app's size of memory. */
export const MAX_AT_ONCE = 8
