import type { ReplicaExit } from "@/db/schema"

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
  /** The newest rollout. */
  rollout: { state: string; version: number; reason: string | null; isOpen: boolean } | null
  /** Those that should run: not draining ones. */
  seen: ReadonlyArray<{ state: string; traffic: string; lastExit: ReplicaExit | null }>
}

/** Is it well? One word and one sentence, the same on every page and in the API. Pure. */
export function statusOf(facts: StatusFacts): { state: AppState; sentence: string } {
  const { replicas, rollout, seen, servingVersion } = facts
  const serving = seen.filter((replica) => replica.traffic === "active" && replica.state === "healthy").length
  if (rollout?.isOpen) return { state: "deploying", sentence: deployingSentence(rollout, servingVersion) }
  if (facts.isBuilding)
    return { state: "building", sentence: servingVersion ? `Building; v${servingVersion} serves.` : "Building its first release." }
  if (facts.isInMaintenance) return { state: "maintenance", sentence: "In maintenance: visitors see the maintenance page." }
  if (!facts.hasSlug) return { state: "empty", sentence: "Nothing pushed yet." }
  if (rollout?.state === "failed" && serving === 0)
    return { state: "failed", sentence: `v${rollout.version} did not start: ${rollout.reason ?? "see its rollout."}` }
  if (replicas === 0) return { state: "stopped", sentence: "Scaled to zero." }
  const crash = seen.find((replica) => replica.state === "waiting")?.lastExit
  if (serving === 0) return { state: "down", sentence: crash ? `Down: ${exitWords(crash)}; starting again.` : "No replica is healthy." }
  if (serving < replicas)
    return { state: "degraded", sentence: `${serving} of ${replicas} replicas healthy${crash ? `: one ${exitWords(crash)}` : ""}.` }
  const ran = replicas === 1 ? "1 replica" : `${replicas} replicas`
  if (rollout?.state === "failed")
    return { state: "healthy", sentence: `v${servingVersion ?? "?"} serves on ${ran}; v${rollout.version} failed and was taken back.` }
  return { state: "healthy", sentence: `v${servingVersion ?? "?"} serves on ${ran}.` }
}

function deployingSentence(rollout: { state: string; version: number }, servingVersion: number | null): string {
  if (rollout.state === "reverting") return `v${rollout.version} failed: going back${servingVersion ? ` to v${servingVersion}` : ""}.`
  if (rollout.state === "settling" || rollout.state === "draining") return `v${rollout.version} is live; watching that it stays up.`
  return servingVersion && servingVersion !== rollout.version
    ? `Rolling out v${rollout.version}; v${servingVersion} serves.`
    : `Rolling out v${rollout.version}.`
}

/** How a replica ended, as part of a sentence. */
export function exitWords(exit: ReplicaExit): string {
  switch (exit.reason) {
    case "out_of_memory":
      return "ran out of memory"
    case "normal":
      return "ended by itself"
    case "crash":
      return `crashed (exit code ${exit.code})`
  }
}
