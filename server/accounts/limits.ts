/** Apart from the schema, so that a page can say it before it loads what checks it. */
export const PASSWORD_MIN = 10
