import { changePassword } from "@/server/accounts"
import { rest } from "@/server/next/rest"

/** `gigalixir account:password:change` */
export const PATCH = rest(async (ctx, { body }) => {
  await changePassword(ctx, { currentPassword: body.current_password, newPassword: body.new_password })
  return { message: "Password changed." }
})
