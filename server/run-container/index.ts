export { hostIndex, keysOfApp, migrateCommand } from "./queries"
export { runRelease } from "./release"
export { releaseEnv0, releaseJson } from "./shapes"
