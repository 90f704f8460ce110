import type { OpenConnections } from "@/server/drivers/edge/port"
import type { Replica } from "../port"

/** Once a second a draining replica gives up its share. */
const BATCH_SECONDS = 1
/** A replica without long requests is through in a moment; after that, a look a batch is enough. */
const LOOK_SECONDS = { first: 0.25, afterBatch: 0.02 }

export const NOTHING_OPEN: OpenConnections = { requests: 0, sockets: 0, sshSessions: 0 }

/** Where a draining replica is in its window. */
export interface Pace {
  socketsAtDrain: number
  /** How many WebSockets it may have after this look. */
  mayKeep: number
}

/**
 * WebSockets are given up along a straight line that reaches nothing in the window's last second, so that those who come back come
 * spread out. The line is recorded by where it began, so whoever looks next goes on along it. One batch that is late goes with the
 * next. Are there more than that, because nobody looked for a while, a new line is drawn from here: all that is late at once would
 * be the rush that this avoids.
 */
export function paceOf(socketsAtDrain: number | null, open: number, elapsedSeconds: number, windowSeconds: number): Pace {
  const batch = Math.floor(elapsedSeconds / BATCH_SECONDS)
  const leftAfter = (line: number, batches: number) => Math.ceil(line * Math.max(0, 1 - (batches * BATCH_SECONDS) / windowSeconds))
  const before = Math.max(0, batch - 1)
  const isNew = socketsAtDrain === null || open > leftAfter(socketsAtDrain, before)
  const line = isNew ? Math.round(open / (1 - (before * BATCH_SECONDS) / windowSeconds)) : socketsAtDrain
  return { socketsAtDrain: line, mayKeep: leftAfter(line, batch + 1) }
}

/** Seconds until a draining replica is to be looked at: when its next batch is due. */
export function nextDrainLook({ openRequests, openSockets }: Replica, elapsedSeconds: number): number {
  if (elapsedSeconds < BATCH_SECONDS || (openRequests === null && openSockets === null)) return LOOK_SECONDS.first
  return BATCH_SECONDS - (elapsedSeconds % BATCH_SECONDS) + LOOK_SECONDS.afterBatch
}
