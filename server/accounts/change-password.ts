import { eq } from "drizzle-orm"
import { users } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { fieldError } from "@/server/kernel/errors"
import { checkCurrentPassword } from "./check-password"
import { endOtherSessions } from "./end-sessions"
import { hashPassword } from "./password"
import { ChangePasswordInput, isPasswordOf, PASSWORD_IS_EMAIL } from "./schema"

/** Sets a new password and ends all other sessions. API keys stay: they are no passwords. */
export async function changePassword(ctx: Ctx, raw: unknown): Promise<{ endedSessions: number }> {
  const { currentPassword, newPassword } = ChangePasswordInput.parse(raw)
  const user = await checkCurrentPassword(ctx, currentPassword)
  if (isPasswordOf(user.email, newPassword)) throw fieldError("newPassword", PASSWORD_IS_EMAIL)
  const passwordHash = await hashPassword(newPassword)
  return ctx.tx(async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, user.id))
    await audit(tx, ctx, "user.password_changed")
    return { endedSessions: await endOtherSessions(tx, ctx) }
  })
}
