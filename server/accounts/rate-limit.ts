import { eq, lt, sql } from "drizzle-orm"
import { rateLimits } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"

export interface Limit {
  max: number
  seconds: number
}

/**
 * Counts one attempt and refuses when there were too many in this window. Before the verb's transaction: a refusal must not undo it.
 * @param bucket what is tried and by whom: `sign_in:ip:203.0.113.7`.
 * @throws AppError `rate_limited`, with the seconds until the window ends.
 */
export async function countAttempt(ctx: Pick<Ctx, "db" | "clock">, bucket: string, limit: Limit): Promise<void> {
  const now = ctx.clock.now().getTime()
  const length = limit.seconds * 1000
  const start = now - (now % length)
  const [row] = await ctx.db
    .insert(rateLimits)
    .values({ bucket, windowStart: new Date(start), count: 1 })
    .onConflictDoUpdate({ target: [rateLimits.bucket, rateLimits.windowStart], set: { count: sql`${rateLimits.count} + 1` } })
    .returning({ count: rateLimits.count })
  if ((row?.count ?? 0) <= limit.max) return
  const retryAfterSeconds = Math.ceil((start + length - now) / 1000)
  throw new AppError("rate_limited", `Too many attempts. Try again in ${inWords(retryAfterSeconds)}.`, { retryAfterSeconds })
}

/** Forgets the attempts: after one that succeeded. */
export async function forgetAttempts(ctx: Pick<Ctx, "db">, bucket: string): Promise<void> {
  await ctx.db.delete(rateLimits).where(eq(rateLimits.bucket, bucket))
}

/** Removes windows that ended long ago. */
export async function sweepRateLimits(ctx: Pick<Ctx, "db" | "clock">): Promise<void> {
  const yesterday = new Date(ctx.clock.now().getTime() - 86_400_000)
  await ctx.db.delete(rateLimits).where(lt(rateLimits.windowStart, yesterday))
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds} second${seconds === 1 ? "" : "s"}`
  return `${Math.ceil(seconds / 60)} minutes`
}
