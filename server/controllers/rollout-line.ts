import type { Rollout } from "@/server/releases"

type Facts = Pick<Rollout, "kind" | "state" | "strategy" | "fallbackReason" | "replicas" | "reason" | "steps">

/** What the app's own log says of a rollout, between the lines of the replicas. Pure. */
export function lineOf({ kind, state, strategy, fallbackReason, replicas, reason, steps }: Facts, version: number): string | null {
  const why = reason ? ` ${reason}` : ""
  // It was said when it began to go back, if it had to.
  const unsaid = steps.some((step) => step.name === "reverting") ? "" : why
  const change = kind === "scale" ? "The scaling" : kind === "restart" ? "The restart" : `v${version}`
  const many = `${replicas} ${replicas === 1 ? "replica" : "replicas"}`
  switch (state) {
    case "releasing":
      return `Running the release command of v${version}.`
    case "starting":
      if (replicas === 0) return `Scaling v${version} to zero.`
      if (strategy === "hot") return `Starting one replica of v${version} beside ${many} to upgrade in place.`
      return `${fallbackReason ? `No upgrade in place: ${fallbackReason} ` : ""}Rolling out v${version} to ${many}.`
    case "upgrading":
      return `Upgrading ${many} to v${version} in place.`
    case "settling":
      return replicas === 0 ? null : `v${version} is live.`
    case "settled":
      return replicas === 0 ? "Scaled to zero." : `v${version} runs.`
    case "reverting":
      return `${change} is taken back.${why}`
    case "reverted":
      return `${change} was taken back: what ran before runs.${unsaid}`
    case "failed":
      return `v${version} failed.${unsaid}`
    case "cancelled":
      return `The rollout of v${version} was cancelled.`
    case "waiting":
    case "checking":
    case "shifting":
    case "draining":
    case "superseded":
      return null
  }
}
