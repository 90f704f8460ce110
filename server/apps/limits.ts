/** Apart from the schema, so that a page can say them before it loads what checks them. */
export const MAX_REPLICAS = 16
export const MIN_SIZE = 0.2
export const MAX_SIZE = 16
/** Half a unit, 500 MB: what Gigalixir's free instance may have at most (gigalixir.md C.10). */
export const DEFAULT_SIZE = 0.5
