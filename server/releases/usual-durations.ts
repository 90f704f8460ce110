import type { RolloutStep } from "@/db/schema"

/** How long rollouts usually take; empty and `null` before the first that went well. */
export interface UsualDurations {
  /** From the wish to live. */
  seconds: number | null
  /** By step. */
  stepSeconds: Partial<Record<RolloutStep["name"], number>>
}

interface Past {
  steps: readonly RolloutStep[]
  createdAt: Date
  liveAt: Date | null
}

/** Medians: one that waited for a slow database does not spoil them. Pure. */
export function usualDurations(past: readonly Past[]): UsualDurations {
  const seconds = past.flatMap(({ createdAt, liveAt }) => (liveAt ? [secondsBetween(createdAt, liveAt)] : []))
  const names = new Set(past.flatMap(({ steps }) => steps.map(({ name }) => name)))
  const stepSeconds: UsualDurations["stepSeconds"] = {}
  for (const name of names) {
    const usual = median(past.flatMap(({ steps }) => spanOf(steps, name) ?? []))
    if (usual !== null) stepSeconds[name] = usual
  }
  return { seconds: median(seconds), stepSeconds }
}

/** A step of several batches is one, from its first start to its last end. */
function spanOf(steps: readonly RolloutStep[], name: RolloutStep["name"]): number | null {
  const own = steps.filter((step) => step.name === name)
  const [from, to] = [own[0]?.startedAt, own.at(-1)?.endedAt]
  return from && to ? secondsBetween(new Date(from), new Date(to)) : null
}

const secondsBetween = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 1000

function median(values: number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
