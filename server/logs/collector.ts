import type { Connection } from "@/db/client"
import type { Hub } from "@/server/events"
import type { Log } from "@/server/kernel/log"
import { printing } from "./printing"
import { MovedOffset, offsetsOf, storePieces } from "./store"
import { type Piece, type Printer, Tail } from "./tail"

export interface CollectorParts {
  connection: Connection
  hub: Hub
  log: Log
  /** Where a replica's output is. */
  logFileOf: (replica: string) => string
}

export interface Collector {
  /** Stores what was read and ends. */
  stop(): Promise<void>
}

/** Repairs a notice of the kernel's or the database's that did not come. */
const LONGEST_REST_MS = 1_000
const LOOK_FOR_REPLICAS_MS = 5_000
const FIRST_RETRY_MS = 200
const LONGEST_RETRY_MS = 5_000
/** What is stored in one transaction at most, about. */
const BATCH_PIECES = 8

/** Takes what replicas and one-offs print from their files into the database: each line once, through any kill. */
export function startCollector({ connection, hub, log, logFileOf }: CollectorParts): Collector {
  const tails = new Map<string, Tail>()
  const dirty = new Set<string>()
  const ended = new Set<string>()
  let known: ReadonlySet<string> = new Set()
  let isStopping = false
  let nudge: () => void = () => undefined
  let lookAgainAt = 0
  let retryMs = FIRST_RETRY_MS

  const unsubscribe = hub.subscribe({ tables: ["replicas", "one_offs"] }, () => {
    lookAgainAt = 0
    nudge()
  })
  const running = run()

  async function run(): Promise<void> {
    while (!isStopping) {
      const nudged = new Promise<void>((resolve) => {
        nudge = resolve
      })
      const hasMore = await round().catch(startOver)
      if (hasMore || isStopping) continue
      if (await rest(LONGEST_REST_MS, nudged)) continue
      for (const id of tails.keys()) dirty.add(id)
    }
    await round().catch(() => undefined)
    await dropTails()
  }

  /** Nothing is lost: what was read and not stored is read again. */
  async function startOver(error: unknown): Promise<boolean> {
    if (!(error instanceof MovedOffset)) log.warn("cannot store what replicas print: trying again", { error })
    await dropTails()
    await rest(retryMs, new Promise(() => undefined))
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
    return true
  }

  /** Reads a piece of each that printed, and stores them. @returns whether there may be more. */
  async function round(): Promise<boolean> {
    if (Date.now() >= lookAgainAt) await lookForReplicas()
    const read = await piecesOf([...dirty].slice(0, BATCH_PIECES))
    if (read.length > 0) await storePieces(connection, read)
    for (const { printer, piece } of read) tails.get(printer.id)?.advance(piece.after)
    await forgetUnknown()
    retryMs = FIRST_RETRY_MS
    return dirty.size > 0
  }

  async function piecesOf(ids: readonly string[]): Promise<Array<{ printer: Printer; piece: Piece }>> {
    const read: Array<{ printer: Printer; piece: Piece }> = []
    for (const id of ids) {
      const tail = tails.get(id)
      // Before the reading: what is printed meanwhile makes it dirty again.
      dirty.delete(id)
      const piece = (await tail?.read()) ?? (ended.has(id) ? tail?.rest() : null)
      if (tail && piece) {
        read.push({ printer: tail.printer, piece })
        dirty.add(id)
      }
    }
    return read
  }

  async function lookForReplicas(): Promise<void> {
    lookAgainAt = Date.now() + LOOK_FOR_REPLICAS_MS
    const rows = await printing(connection.db, logFileOf)
    const fresh = rows.filter(({ id }) => !tails.has(id))
    const offsets = await offsetsOf(
      connection.db,
      fresh.map(({ id }) => id),
    )
    for (const { id, appId, release } of fresh) {
      const touch = () => {
        dirty.add(id)
        nudge()
      }
      tails.set(id, new Tail({ id, appId, release, logFile: logFileOf(id) }, offsets.get(id) ?? null, touch))
      dirty.add(id)
    }
    for (const { id, endedAt } of rows) {
      if (endedAt && !ended.has(id)) dirty.add(id)
      if (endedAt) ended.add(id)
    }
    known = new Set(rows.map(({ id }) => id))
  }

  /** Once they are read to their end. */
  async function forgetUnknown(): Promise<void> {
    for (const [id, tail] of tails) {
      if (known.has(id) || dirty.has(id)) continue
      tails.delete(id)
      ended.delete(id)
      await tail.close()
    }
  }

  /** They are opened anew from where the database says. */
  async function dropTails(): Promise<void> {
    const all = [...tails.values()]
    tails.clear()
    dirty.clear()
    lookAgainAt = 0
    await Promise.all(all.map((tail) => tail.close()))
  }

  return {
    async stop() {
      isStopping = true
      nudge()
      unsubscribe()
      await running
    },
  }
}

/** @returns whether it was nudged before the time was over. */
function rest(ms: number, nudged: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    void nudged.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
