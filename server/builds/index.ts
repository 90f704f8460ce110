export { cancelBuild } from "./cancel"
export { type BuildInfo, buildOf, buildsOf, type OutputLine, outputOf } from "./queries"
export { type Build, requestBuild } from "./request"
export { isEnded } from "./state"
