import { and, desc, eq, isNull, sql } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { apiKeys } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import { hashToken, newToken } from "@/server/kernel/secret"

export type ApiKey = typeof apiKeys.$inferSelect

/** Tells people and secret scanners what a found key is of. */
const MARK = "phial_"
const PREFIX_LENGTH = MARK.length + 6

/** A new key of a person. @returns the key itself, which is kept nowhere, and its row. */
export async function makeApiKey(
  tx: Transaction,
  ctx: Pick<Ctx, "clock">,
  values: Pick<typeof apiKeys.$inferInsert, "userId" | "name" | "origin" | "expiresAt">,
): Promise<{ key: string; row: ApiKey }> {
  const key = MARK + newToken()
  const [row] = await tx
    .insert(apiKeys)
    .values({ ...values, keyHash: hashToken(key), prefix: key.slice(0, PREFIX_LENGTH), createdAt: ctx.clock.now() })
    .returning()
  invariant(row, "an insert returns its row")
  return { key, row }
}

/** Ends all but the `keep` most recently used keys that signing in with the CLI made. */
export async function boundLoginKeys(tx: Transaction, ctx: Pick<Ctx, "clock">, userId: string, keep: number): Promise<void> {
  const surplus = tx
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), eq(apiKeys.origin, "login"), isNull(apiKeys.revokedAt)))
    .orderBy(desc(sql`coalesce(${apiKeys.lastUsedAt}, ${apiKeys.createdAt})`))
    .offset(keep)
  await tx.update(apiKeys).set({ revokedAt: ctx.clock.now() }).where(sql`${apiKeys.id} in ${surplus}`)
}
