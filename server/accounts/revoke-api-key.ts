import { and, eq, isNull } from "drizzle-orm"
import { apiKeys } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { askersId } from "./person"
import { ApiKeyIdInput } from "./schema"

/** Ends a key at once. @throws AppError `not_found` for a key that is not one's own or has ended. */
export async function revokeApiKey(ctx: Ctx, raw: unknown): Promise<void> {
  const { id } = ApiKeyIdInput.parse(raw)
  const userId = askersId(ctx)
  await ctx.tx(async (tx) => {
    const [key] = await tx
      .update(apiKeys)
      .set({ revokedAt: ctx.clock.now() })
      .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
      .returning()
    if (!key) throw new AppError("not_found", "There is no such key.")
    await audit(tx, ctx, "api_key.revoked", { data: { name: key.name, prefix: key.prefix } })
  })
}
