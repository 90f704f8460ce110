export { addRelease, currentRelease, type Release } from "./add-release"
export {
  findRelease,
  latestRelease,
  type ReleaseInfo,
  releaseByVersion,
  releasesOf,
  rolloutsOf,
} from "./queries"
export { rollback } from "./rollback"
export { type RolloutView, servingVersion, shownRollout } from "./rollout-view"
export { runningSlug } from "./running-slug"
export { type Rollout, startRollout } from "./start-rollout"
