import { and, eq, isNull, ne, or } from "drizzle-orm"
import { apiKeys } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { makeApiKey } from "./api-key"
import { checkCurrentPassword } from "./check-password"
import { CurrentPasswordInput } from "./schema"

/**
 * `gigalixir account:api_key:reset`: ends every key that sign-up, signing in and resets made, and the one that asks; keys that
 * the person named stay (docs/decisions/020). @returns the new key, this once.
 */
export async function regenerateApiKey(ctx: Ctx, raw: unknown): Promise<{ key: string; expiresAt: Date | null }> {
  const { currentPassword } = CurrentPasswordInput.parse(raw)
  const user = await checkCurrentPassword(ctx, currentPassword)
  const asking = ctx.actor.kind === "api_key" ? eq(apiKeys.id, ctx.actor.keyId) : undefined
  return ctx.tx(async (tx) => {
    const ended = await tx
      .update(apiKeys)
      .set({ revokedAt: ctx.clock.now() })
      .where(and(eq(apiKeys.userId, user.id), isNull(apiKeys.revokedAt), or(ne(apiKeys.origin, "person"), asking)))
      .returning({ prefix: apiKeys.prefix })
    const { key, row } = await makeApiKey(tx, ctx, { userId: user.id, name: "API key", origin: "reset", expiresAt: null })
    await audit(tx, ctx, "api_key.regenerated", { data: { prefix: row.prefix, ended: ended.map((old) => old.prefix) } })
    return { key, expiresAt: row.expiresAt }
  })
}
