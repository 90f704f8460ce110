export interface Scale {
  replicas: number
  size: number
}

/** Gigalixir's table (gigalixir.md C.10): a MB, a replica, a month. */
const DOLLARS_PER_MB = 0.05

/** What it costs a month. Pure. */
export function monthlyPrice({ replicas, size }: Scale): number {
  return Math.round(replicas * size * 1000 * DOLLARS_PER_MB * 100) / 100
}

/** "$25", "$12.50". Pure. */
export function dollars(amount: number): string {
  return `$${Number.isInteger(amount) ? amount.toLocaleString("en") : amount.toFixed(2)}`
}

/** What applying it does, in sentences; `null` when nothing changes. Pure. */
export function scalingInWords(from: Scale, to: Scale, facts: { isDeployed: boolean; drainSeconds: number }): string | null {
  if (from.replicas === to.replicas && from.size === to.size) return null
  if (!facts.isDeployed) return "Remembered for the first deploy: nothing runs yet."
  if (to.replicas === 0)
    return `All replicas finish their requests (up to ${facts.drainSeconds} s) and end. Visitors are told that nothing serves.`
  if (from.replicas === 0) return `Starts ${replicas(to.replicas)} of the current release.`
  if (from.size !== to.size) {
    return `Starts ${replicas(to.replicas)} of the new size; the old ones end once those are healthy and have the traffic. No request is lost.`
  }
  return to.replicas > from.replicas
    ? `Starts ${replicas(to.replicas - from.replicas)} more; those that run stay as they are.`
    : `${replicas(from.replicas - to.replicas)} finish${from.replicas - to.replicas === 1 ? "es its" : " their"} requests (up to ${facts.drainSeconds} s) and end${from.replicas - to.replicas === 1 ? "s" : ""}; the others stay as they are.`
}

function replicas(count: number): string {
  return count === 1 ? "1 replica" : `${count} replicas`
}

/** What to think of before; `null` when there is nothing. Pure. */
export function scalingWarning(from: Scale, to: Scale): string | null {
  if (to.replicas === 1 && from.replicas > 1) return "With one replica nothing serves while it is replaced after a crash."
  if (to.replicas > 0 && to.size < from.size) return "Replicas that need more memory than this are ended when they reach it."
  return null
}
