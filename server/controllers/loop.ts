import { randomUUID } from "node:crypto"
import { and, eq, lte, sql } from "drizzle-orm"
import type { Connection } from "@/db/client"
import { wakes } from "@/db/schema"
import { listenForever } from "@/server/events"
import type { Log } from "@/server/kernel/log"
import type { WakeKind } from "@/server/wakes"

/** What a reconciler answers: nothing more to do, or look again. */
export type Outcome = "done" | { againInSeconds: number }

/** Gets a key, never an event: re-reads wish and world, takes the next safe step, records it. Every step may be repeated. */
export type Reconciler = (key: string) => Promise<Outcome>

export interface LoopOptions {
  connection: Connection
  log: Log
  /** By kind: the reconciler, and how many keys of it are worked on at once. */
  kinds: Partial<Record<WakeKind, { reconcile: Reconciler; concurrency: number }>>
  /** A lease is renewed while its work runs; another worker takes over when it was not. */
  leaseSeconds?: number
  /** Who this worker is over its restarts, one process at a time: what a killed one of this name had leased is free when the next starts. */
  name?: string
  /** Done before anything else, and tried again until it succeeds. */
  atStart?: () => Promise<void>
}

export interface Loop {
  /** Finishes what is under way and takes nothing new. */
  stop(): Promise<void>
}

interface Claim {
  kind: WakeKind
  key: string
  version: number
  attempts: number
}

const MAX_BACK_OFF_SECONDS = 60
const DATABASE_AWAY_MS = 500
/** The longest rest: repairs a notice that was missed while the connection was away. */
const LONGEST_REST_MS = 5_000

/**
 * Works on `wakes`, leased so that several controllers share them: `NOTIFY` makes it prompt, `FOR UPDATE SKIP LOCKED` safe.
 * Errors are tried again with a growing back-off. Survives a database that is away.
 */
export function startLoop({ connection, log, kinds, leaseSeconds = 30, name = randomUUID(), atStart }: LoopOptions): Loop {
  const owner = `${name}/${randomUUID()}`
  const { db, sql: driver } = connection
  const underWay = new Map<string, Promise<void>>()
  let isStopping = false
  let hasBegun = false
  let nudge: () => void = () => undefined

  const listening = listenForever(driver, "phial_wakes", { onNotice: () => nudge(), onListening: () => nudge() })
  const running = run()

  async function run(): Promise<void> {
    while (!isStopping) {
      const nudged = new Promise<void>((resolve) => {
        nudge = resolve
      })
      const rest = await round().catch((error: unknown) => {
        log.warn("controller cannot reach the database", { error })
        return DATABASE_AWAY_MS
      })
      if (rest > 0) await Promise.race([nudged, timer(rest)])
    }
  }

  /** Starts what is due. @returns milliseconds until something may be due again. */
  async function round(): Promise<number> {
    if (!hasBegun) await begin()
    hasBegun = true
    for (const [kind, { reconcile, concurrency }] of Object.entries(kinds) as Array<
      [WakeKind, { reconcile: Reconciler; concurrency: number }]
    >) {
      const busy = [...underWay.keys()].filter((id) => id.startsWith(`${kind}/`)).length
      if (busy >= concurrency) continue
      for (const claimed of await claim(kind, concurrency - busy)) take(claimed, reconcile)
    }
    return restMs()
  }

  async function begin(): Promise<void> {
    await db
      .update(wakes)
      .set({ leaseOwner: null, leaseUntil: null })
      .where(sql`starts_with(${wakes.leaseOwner}, ${`${name}/`})`)
    await atStart?.()
  }

  function take(claimed: Claim, reconcile: Reconciler): void {
    const id = `${claimed.kind}/${claimed.key}`
    const work = workOn(claimed, reconcile).finally(() => {
      underWay.delete(id)
      nudge()
    })
    underWay.set(id, work)
  }

  async function workOn(claimed: Claim, reconcile: Reconciler): Promise<void> {
    const renewal = setInterval(() => void renew(claimed).catch(() => undefined), (leaseSeconds * 1000) / 3)
    try {
      await settle(claimed, await reconcile(claimed.key))
    } catch (error) {
      log.error("reconciler failed", { kind: claimed.kind, key: claimed.key, error })
      await retryLater(claimed, error)
    } finally {
      clearInterval(renewal)
    }
  }

  async function claim(kind: WakeKind, limit: number): Promise<Claim[]> {
    const due = sql`(select ${wakes.key} from ${wakes} where ${wakes.kind} = ${kind} and ${wakes.notBefore} <= now()
      and (${wakes.leaseUntil} is null or ${wakes.leaseUntil} < now()) order by ${wakes.notBefore} limit ${limit} for update skip locked)`
    return db
      .update(wakes)
      .set({ leaseOwner: owner, leaseUntil: lease(leaseSeconds) })
      .where(and(eq(wakes.kind, kind), sql`${wakes.key} in ${due}`))
      .returning({ kind: wakes.kind, key: wakes.key, version: wakes.version, attempts: wakes.attempts })
  }

  const mine = (claimed: Claim) => and(eq(wakes.kind, claimed.kind), eq(wakes.key, claimed.key), eq(wakes.leaseOwner, owner))

  async function renew(claimed: Claim): Promise<void> {
    await db
      .update(wakes)
      .set({ leaseUntil: lease(leaseSeconds) })
      .where(mine(claimed))
  }

  /** What was woken again meanwhile stays due: its version is newer than the one worked on. */
  async function settle(claimed: Claim, outcome: Outcome): Promise<void> {
    const free = { leaseOwner: null, leaseUntil: null, attempts: 0, lastError: null }
    if (outcome === "done") {
      const gone = await db
        .delete(wakes)
        .where(and(mine(claimed), lte(wakes.version, claimed.version)))
        .returning({ key: wakes.key })
      if (gone.length === 0) await db.update(wakes).set(free).where(mine(claimed))
      return
    }
    const later = sql`now() + make_interval(secs => ${outcome.againInSeconds})`
    const notBefore = sql`case when ${wakes.version} > ${claimed.version} then now() else ${later} end`
    await db
      .update(wakes)
      .set({ ...free, notBefore })
      .where(mine(claimed))
  }

  /** Until it is written the row stays leased to us and nobody looks at it, so a database that is away is waited for. */
  async function retryLater(claimed: Claim, error: unknown): Promise<void> {
    const seconds = Math.min(MAX_BACK_OFF_SECONDS, 2 ** claimed.attempts)
    const lastError = error instanceof Error ? error.message : String(error)
    const write = () =>
      db
        .update(wakes)
        .set({ leaseOwner: null, leaseUntil: null, attempts: claimed.attempts + 1, lastError, notBefore: lease(seconds) })
        .where(mine(claimed))
    const isWritten = () =>
      write().then(
        () => true,
        () => false,
      )
    while (!(await isWritten()) && !isStopping) await timer(DATABASE_AWAY_MS)
  }

  /** Until the next row is due; only those kinds count that have room. */
  async function restMs(): Promise<number> {
    const open = Object.entries(kinds)
      .filter(([kind, { concurrency }]) => [...underWay.keys()].filter((id) => id.startsWith(`${kind}/`)).length < concurrency)
      .map(([kind]) => kind)
    if (open.length === 0) return LONGEST_REST_MS
    const [row] = await driver<Array<{ ms: number | null }>>`
      select ceil(extract(epoch from min(greatest(not_before, coalesce(lease_until, not_before))) - now()) * 1000)::int as ms
      from wakes where kind in ${driver(open)}`
    return Math.min(LONGEST_REST_MS, Math.max(0, row?.ms ?? LONGEST_REST_MS))
  }

  return {
    async stop() {
      isStopping = true
      nudge()
      await running
      await Promise.allSettled(underWay.values())
      await listening.stop()
    },
  }
}

const lease = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
