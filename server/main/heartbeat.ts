import { like, sql } from "drizzle-orm"
import { z } from "zod"
import type { Database } from "@/db/client"
import { platformFacts } from "@/db/schema"

const BEAT_MS = 5_000
/** Three beats may be missed: a PostgreSQL that restarts must not make every part look dead. */
const FRESH_MS = 20_000

const Beat = z.object({ pid: z.number(), at: z.coerce.date() })

export interface PartSeen {
  /** web, controller, logger … */
  part: string
  pid: number
  at: Date
  /** Whether it was seen within the last 20 seconds, by the database's clock. */
  isAlive: boolean
}

/**
 * Tells the others that this process lives: a row in `platform_facts` every five seconds. A beat that fails is left out.
 * @param isUp for a part that somebody else vouches for (the edge, the runner): asked before each beat.
 * @returns ends it.
 */
export function heartbeat(db: Database, part: string, isUp: () => Promise<boolean> = async () => true): () => void {
  const beat = () =>
    void isUp()
      .then((up) => (up ? writeBeat(db, part) : undefined))
      .catch(() => undefined)
  beat()
  const timer = setInterval(beat, BEAT_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** Every part that ever lived, with when it was last seen. For `/healthz`. @throws when the database is away. */
export async function partsSeen(db: Database): Promise<PartSeen[]> {
  const rows = await db
    .select({
      key: platformFacts.key,
      value: platformFacts.value,
      ageMs: sql<number>`extract(epoch from now() - updated_at)::float8 * 1000`,
    })
    .from(platformFacts)
    .where(like(platformFacts.key, "part:%"))
  return rows.map(({ key, value, ageMs }) => ({ part: key.slice("part:".length), ...Beat.parse(value), isAlive: ageMs < FRESH_MS }))
}

async function writeBeat(db: Database, part: string): Promise<void> {
  const value = { pid: process.pid, at: new Date().toISOString() }
  await db
    .insert(platformFacts)
    .values({ key: `part:${part}`, value })
    .onConflictDoUpdate({ target: platformFacts.key, set: { value, updatedAt: sql`now()` } })
}
