import { sql } from "drizzle-orm"
import type { Database, Transaction } from "@/db/client"
import { wakes } from "@/db/schema"

export type WakeKind = (typeof wakes.$inferSelect)["kind"]

/**
 * Asks that a controller looks at `key`. Part of the transaction that wrote the wish, so neither is lost without the other.
 * Repeatable: waking what is awake keeps one row and the earlier time.
 * @param afterSeconds look no sooner than this from now.
 */
export async function wake(db: Database | Transaction, kind: WakeKind, key: string, afterSeconds = 0): Promise<void> {
  const notBefore = sql`now() + make_interval(secs => ${afterSeconds})`
  await db
    .insert(wakes)
    .values({ kind, key, notBefore })
    .onConflictDoUpdate({
      target: [wakes.kind, wakes.key],
      set: { notBefore: sql`least(${wakes.notBefore}, ${notBefore})`, version: sql`${wakes.version} + 1` },
    })
}
