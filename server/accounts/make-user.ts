import type { Transaction } from "@/db/client"
import { users } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { fieldError } from "@/server/kernel/errors"
import { makeApiKey } from "./api-key"
import { as, type User } from "./person"

/** A confirmed account with its first API key. @throws AppError `invalid` when the e-mail has one already. */
export async function makeUser(
  tx: Transaction,
  ctx: Ctx,
  values: Pick<typeof users.$inferInsert, "email" | "passwordHash" | "isOperator">,
): Promise<{ user: User; key: string }> {
  const now = ctx.clock.now()
  const [user] = await tx
    .insert(users)
    .values({ ...values, confirmedAt: now, createdAt: now })
    .onConflictDoNothing({ target: users.email })
    .returning()
  if (!user) throw fieldError("email", "There is an account with this e-mail already: sign in.")
  const { key, row } = await makeApiKey(tx, ctx, { userId: user.id, name: "API key", origin: "sign_up", expiresAt: null })
  await audit(tx, as(ctx, user), "user.signed_up", { data: { tier: user.tier, operator: user.isOperator, prefix: row.prefix } })
  return { user, key }
}
