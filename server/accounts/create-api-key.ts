import { and, count, eq, isNull } from "drizzle-orm"
import { apiKeys, users } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { makeApiKey } from "./api-key"
import { askersId } from "./person"
import { type ApiKeyView, apiKeyView } from "./queries"
import { CreateApiKeyInput } from "./schema"

const MOST_KEYS = 50
const DAY_MS = 86_400_000

/** A named key of one's own. @returns what a list shows of it, and the key, this once. */
export async function createApiKey(ctx: Ctx, raw: unknown): Promise<ApiKeyView & { key: string }> {
  const { name, expiresInDays } = CreateApiKeyInput.parse(raw)
  const userId = askersId(ctx)
  return ctx.tx(async (tx) => {
    // The lock makes two at once count each other.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("update")
    const ofPerson = and(eq(apiKeys.userId, userId), eq(apiKeys.origin, "person"), isNull(apiKeys.revokedAt))
    const [held] = await tx.select({ count: count() }).from(apiKeys).where(ofPerson)
    if ((held?.count ?? 0) >= MOST_KEYS) throw new AppError("invalid", `You have ${MOST_KEYS} keys: revoke one first.`)
    const expiresAt = expiresInDays ? new Date(ctx.clock.now().getTime() + expiresInDays * DAY_MS) : null
    const { key, row } = await makeApiKey(tx, ctx, { userId, name, origin: "person", expiresAt })
    await audit(tx, ctx, "api_key.created", { data: { name, prefix: row.prefix } })
    return { ...apiKeyView(row), key }
  })
}
