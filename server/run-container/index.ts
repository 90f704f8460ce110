export { hostIndex, keysOfApp, migrateCommand } from "./queries"
export { type RunRelease, runRelease } from "./release"
export { releaseEnv0, releaseJson } from "./shapes"
