export { addRelease, currentRelease, type NewRelease, type Release } from "./add-release"
export { type NewRollout, type Rollout, startRollout } from "./start-rollout"
