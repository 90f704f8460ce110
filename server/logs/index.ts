/** What apps print and what the platform says about them: collected, kept for a while, read. */
export { isCollected } from "./collected"
export { type Collector, startCollector } from "./collector"
export { pruneLogs } from "./prune"

export { appendPlatformLine } from "./store"
export { LogsQuery, logText } from "./text"
