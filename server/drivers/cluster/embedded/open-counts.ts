import type { OpenConnections } from "@/server/drivers/edge/port"
import type { Replica } from "../port"

const FRESH_MS = 200

type Open = Map<string, OpenConnections>

/**
 * What one app's leaving replicas have open. The question costs, with thousands of WebSockets tens of milliseconds; so when the looks
 * come faster, because others start meanwhile, an answer serves a few of them.
 */
export class OpenCounts {
  #known: { leaving: string; at: number; open: Open } | null = null

  async look(last: readonly Replica[], now: Date, ask: () => Promise<Open>): Promise<Open> {
    const leaving = leavingIn(last)
    if (leaving === "") return new Map()
    // Whoever was sent away since must not pass for idle because of an answer from before.
    const isFresh = this.#known?.leaving === leaving && now.getTime() - this.#known.at < FRESH_MS
    if (!this.#known || !isFresh) this.#known = { leaving, at: now.getTime(), open: await ask() }
    return this.#known.open
  }

  /** These have no more WebSockets than this any more. */
  gaveUp(keeps: ReadonlyMap<string, number>): void {
    for (const [id, most] of keeps) {
      const open = this.#known?.open.get(id)
      if (open) open.sockets = Math.min(open.sockets, most)
    }
  }
}

const leavingIn = (last: readonly Replica[]) =>
  last
    .filter((replica) => replica.state === "draining")
    .map((replica) => `${replica.id} ${replica.drainingAt?.getTime()}`)
    .join()
