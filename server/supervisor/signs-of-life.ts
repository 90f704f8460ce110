import type { ChildProcess } from "node:child_process"

/** How a part shows that it does not hang, and how the supervisor takes it: words over the channel that Node opens between the two. */
const SIGN = "alive"
const SIGN_MS = 2_000

export interface Patience {
  /** How often the supervisor looks. */
  lookMs: number
  /** Looks in a row without a sign, until a part is taken for hung. Looks, not time: a machine that slept has missed none. */
  silentLooks: number
  /** The same before its first sign: it loads. */
  loadingLooks: number
}

/** Half a minute, and two for a start: a machine under load makes everybody slow. */
export const PATIENCE: Patience = { lookMs: 2_000, silentLooks: 15, loadingLooks: 60 }

/** Called by a part at its start. Says nothing once the supervisor is gone, or where there never was one. */
export function showSignsOfLife(everyMs = SIGN_MS): void {
  const show = () => void (process.connected && process.send?.(SIGN, undefined, undefined, () => undefined))
  show()
  setInterval(show, everyMs).unref()
  // Neither the channel nor its end may keep the part running or end it.
  process.channel?.unref()
}

/** @param onHung called once, when the part has been silent for too long. The watch ends with the process. */
export function watchSigns(child: ChildProcess, { lookMs, silentLooks, loadingLooks }: Patience, onHung: () => void): void {
  let left = loadingLooks
  child.on("message", (message) => {
    if (message === SIGN) left = silentLooks
  })
  const timer = setInterval(() => {
    left -= 1
    if (left > 0) return
    clearInterval(timer)
    onHung()
  }, lookMs)
  timer.unref()
  child.once("exit", () => clearInterval(timer))
}
