import { lt } from "drizzle-orm"
import { sessions } from "@/db/schema"
import type { Parts } from "@/server/kernel/context"
import { sweepRateLimits } from "./rate-limit"
import { sweepSignups } from "./sign-up"

const KEPT_MS = 30 * 86_400_000

/** Removes what no account needs any more: old rate windows, unfinished sign-ups, sessions that ended a month ago. For the janitor. */
export async function sweepAccounts(parts: Parts): Promise<void> {
  await sweepRateLimits(parts)
  await sweepSignups(parts)
  await parts.db.delete(sessions).where(lt(sessions.expiresAt, new Date(parts.clock.now().getTime() - KEPT_MS)))
}
