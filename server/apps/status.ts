import type { ReplicaExit } from "@/db/schema"
import { hasEnded, type RolloutState, wasTakenBack } from "@/server/releases/rollout-states"

/** How an app is, in one word; the pages give each a colour and an icon. */
export type AppState = "empty" | "building" | "deploying" | "healthy" | "degraded" | "down" | "stopped" | "maintenance" | "failed"

export interface StatusFacts {
  /** The wish. */
  replicas: number
  isInMaintenance: boolean
  /** Whether a release with a slug exists. */
  hasSlug: boolean
  /** Of the release that serves; `null` when none does. */
  servingVersion: number | null
  isBuilding: boolean
  /** The one under way, or the newest. */
  rollout: ShownRollout | null
  /** Those that should run: not draining ones. */
  seen: ReadonlyArray<{ state: string; traffic: string; lastExit: ReplicaExit | null }>
}

interface ShownRollout {
  state: RolloutState
  version: number
  kind: "deploy" | "config" | "rollback" | "scale" | "restart"
  reason: string | null
}

/** Is it well? One word and one sentence, the same on every page and in the API. Pure. */
export function statusOf(facts: StatusFacts): { state: AppState; sentence: string } {
  const { replicas, rollout, seen, servingVersion } = facts
  if (rollout && !hasEnded(rollout.state)) return { state: "deploying", sentence: deployingSentence(rollout, servingVersion) }
  if (facts.isBuilding)
    return { state: "building", sentence: servingVersion ? `Building; v${servingVersion} serves.` : "Building its first release." }
  if (facts.isInMaintenance) return { state: "maintenance", sentence: "In maintenance: visitors see the maintenance page." }
  if (!facts.hasSlug) return { state: "empty", sentence: "Nothing pushed yet." }
  const serving = seen.filter((replica) => replica.traffic === "active" && replica.state === "healthy").length
  if (serving === 0 && rollout?.state === "failed")
    return { state: "failed", sentence: `v${rollout.version} did not start: ${rollout.reason ?? "see its rollout."}` }
  if (seen.length === 0 && rollout?.state === "cancelled")
    return { state: "stopped", sentence: `Nothing runs: the rollout of v${rollout.version} was cancelled.` }
  if (replicas === 0) return { state: "stopped", sentence: "Scaled to zero." }
  const trouble = troubleOf(seen)
  if (serving === 0)
    return { state: "down", sentence: trouble ? `Down: a replica ${trouble}; starting it again.` : "Down: no replica is healthy." }
  if (serving < replicas)
    return { state: "degraded", sentence: `${serving} of ${replicas} replicas healthy${trouble ? `: one ${trouble}` : ""}.` }
  return { state: "healthy", sentence: `${servingSentence(replicas, servingVersion)}${takenBackSentence(rollout)}` }
}

/** Why one that should be healthy is not, as part of a sentence. */
function troubleOf(seen: StatusFacts["seen"]): string | null {
  const sick = seen.filter((replica) => replica.state !== "healthy")
  const ended = sick.find((replica) => replica.lastExit !== null)?.lastExit
  if (ended) return exitWords(ended)
  return sick.some((replica) => replica.state === "unhealthy") ? "does not answer its health check" : null
}

function servingSentence(replicas: number, version: number | null): string {
  return `${version ? `v${version} serves` : "It serves"} on ${replicas === 1 ? "1 replica" : `${replicas} replicas`}.`
}

function takenBackSentence(rollout: ShownRollout | null): string {
  if (!rollout || !wasTakenBack(rollout.state)) return ""
  const more = MORE_OF_THE_SAME[rollout.kind]
  if (rollout.state === "cancelled") return ` The ${more ?? `rollout of v${rollout.version}`} was cancelled.`
  return ` ${more ? `The ${more}` : `v${rollout.version}`} was taken back${rollout.reason ? `: ${rollout.reason}` : "."}`
}

/** Where the release that runs stays: what was taken back is not the release. */
const MORE_OF_THE_SAME: Partial<Record<ShownRollout["kind"], string>> = { scale: "scaling", restart: "restart" }

function deployingSentence({ state, kind, version, reason }: ShownRollout, servingVersion: number | null): string {
  const more = MORE_OF_THE_SAME[kind]
  const before = servingVersion && servingVersion !== version ? `v${servingVersion}` : null
  switch (state) {
    case "releasing":
      return `Running the release command of v${version}${before ? `; ${before} serves` : ""}.`
    case "upgrading":
      return `Upgrading the running replicas to v${version}.`
    case "settling":
      return `v${version} is live; watching that it stays up.`
    case "draining":
      return `v${version} is live; the replicas of before finish.`
    case "reverting":
      return `Taking ${more ? `the ${more}` : `v${version}`} back${before ? `, ${before} goes on` : ""}${reason ? `: ${reason}` : "."}`
    default:
      return `Rolling out v${version}${before ? `; ${before} serves` : ""}.`
  }
}

/** How a replica ended, as part of a sentence. */
export function exitWords(exit: ReplicaExit): string {
  switch (exit.reason) {
    case "out_of_memory":
      return "ran out of memory"
    case "normal":
      return "ended by itself"
    case "lost":
      return "ended with the machine"
    case "crash":
      return `crashed (exit code ${exit.code})`
  }
}
