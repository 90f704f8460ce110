/** The stacks there are (architecture, "Stacks"); the first is the default. */
export const STACKS = ["debian-13", "debian-12"] as const

/** One machine, one region: what the API's `cloud` and `region` say. */
export const CLOUD = "phial"
export const REGION = "local"
