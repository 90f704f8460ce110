export { cancelBuild } from "./cancel"
export { type BuildInfo, buildOf, buildsOf, outputOf } from "./queries"
export { type Build, requestBuild } from "./request"
export { isEnded } from "./state"
