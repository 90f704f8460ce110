export { addRelease, currentRelease, type NewRelease, type Release } from "./add-release"
export {
  findRelease,
  latestRelease,
  type ReleaseInfo,
  type RolloutInfo,
  releaseByVersion,
  releasesOf,
  rolloutsOf,
} from "./queries"
export { rollback } from "./rollback"
export { type NewRollout, type Rollout, startRollout } from "./start-rollout"
