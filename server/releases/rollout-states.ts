import type { rolloutState } from "@/db/schema"

export type RolloutState = (typeof rolloutState.enumValues)[number]

/** What a state means to those who ask. A pure module: pages read it too. */
interface Meaning {
  hasEnded: boolean
  /** Why nobody can cancel it now, as a sentence; `null` where one can. */
  whyNotCancel: string | null
}

const under_way: Meaning = { hasEnded: false, whyNotCancel: null }
const ended: Meaning = { hasEnded: true, whyNotCancel: "This rollout has already ended: there is nothing to cancel." }
const done = "This release is live and has settled, and only the replicas of before finish: roll back to go back."
const back = "This rollout goes back already to what ran before."

const meanings: Record<RolloutState, Meaning> = {
  waiting: under_way,
  releasing: under_way,
  starting: under_way,
  upgrading: under_way,
  checking: under_way,
  shifting: under_way,
  settling: under_way,
  draining: { hasEnded: false, whyNotCancel: done },
  reverting: { hasEnded: false, whyNotCancel: back },
  settled: ended,
  reverted: ended,
  failed: ended,
  cancelled: ended,
  superseded: ended,
}

export const hasEnded = (state: RolloutState): boolean => meanings[state].hasEnded
export const whyNotCancel = (state: RolloutState): string | null => meanings[state].whyNotCancel

/** Of a rollout whose release runs, or will if all goes well. */
export const RUNS_OR_WILL: readonly RolloutState[] = [
  ...(["waiting", "releasing", "starting", "upgrading", "checking", "shifting", "settling", "draining", "settled"] as const),
]

/** Whether it ended without its release: what ran before goes on, where something ran. */
export const wasTakenBack = (state: RolloutState): boolean => state === "reverted" || state === "failed" || state === "cancelled"
