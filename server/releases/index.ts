export { addRelease, currentRelease, type Release } from "./add-release"
export { cancelRollout } from "./cancel-rollout"
export {
  currentRollouts,
  findRelease,
  latestRelease,
  type ReleaseInfo,
  type RolloutInfo,
  releaseByVersion,
  releasesOf,
  rolloutOf,
  rolloutsOf,
} from "./queries"
export { releaseToRun } from "./release-to-run"
export { restoreWish } from "./restore-wish"
export { rollback } from "./rollback"
export { hasEnded, wasTakenBack, whyNotCancel } from "./rollout-states"
export { type RolloutView, rolloutView, servingVersion, shownRollout, tookTheTraffic } from "./rollout-view"
export { runningSlug } from "./running-slug"
export { shownFirst } from "./shown-first"
export { type Rollout, startRollout } from "./start-rollout"
