import { eq } from "drizzle-orm"
import { users } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { AppError, fieldError } from "@/server/kernel/errors"
import { isPassword } from "./password"
import { askersAccount, type User } from "./person"
import { countAttempt, forgetAttempts, type Limit } from "./rate-limit"

const QUARTER = 15 * 60
/** One address at one account; one address at any account; any address at one account. */
const limits = {
  pair: { max: 10, seconds: QUARTER },
  ip: { max: 100, seconds: QUARTER },
  email: { max: 100, seconds: QUARTER },
} satisfies Record<string, Limit>

/**
 * The account of an e-mail and its password. Takes as long for an unknown e-mail, and answers the same.
 * @throws AppError `unauthenticated`, or `rate_limited`.
 */
export async function checkSignIn(ctx: Ctx, email: string, password: string): Promise<User> {
  const pair = `sign_in:${ctx.ip ?? "-"}:${email}`
  if (ctx.ip) await countAttempt(ctx, `sign_in:ip:${ctx.ip}`, limits.ip)
  await countAttempt(ctx, pair, limits.pair)
  await countAttempt(ctx, `sign_in:email:${email}`, limits.email)
  const [user] = await ctx.db.select().from(users).where(eq(users.email, email))
  const isRight = await isPassword(user?.passwordHash ?? null, password)
  if (!user || !isRight) {
    const message = "E-mail or password is incorrect."
    throw new AppError("unauthenticated", message, { fields: { email: [message] } })
  }
  await forgetAttempts(ctx, pair)
  return user
}

/** Asks whoever is signed in for their password once more. @throws AppError `invalid` at `field`, or `rate_limited`. */
export async function checkCurrentPassword(ctx: Ctx, password: string, field = "currentPassword"): Promise<User> {
  const user = await askersAccount(ctx)
  const bucket = `current_password:${user.id}`
  await countAttempt(ctx, bucket, limits.pair)
  if (!(await isPassword(user.passwordHash, password))) throw fieldError(field, "This is not your password.")
  await forgetAttempts(ctx, bucket)
  return user
}
