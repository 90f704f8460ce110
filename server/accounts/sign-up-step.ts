import { eq } from "drizzle-orm"
import { signups } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { AppError, fieldError } from "@/server/kernel/errors"
import { hashPassword } from "./password"
import { isPasswordOf, PASSWORD_IS_EMAIL, signUpSteps } from "./schema"
import { confirmSignup, finishSignup, openSignup, signupUnderWay } from "./sign-up"

type Step = (ctx: Ctx, raw: unknown) => Promise<Record<string, string>>

/** What the request is about is told by which key it has (gigalixir.md A.3 `signup`). */
const steps: Record<string, Step> = {
  email: begin,
  confirmation_code: confirm,
  password: setPassword,
  tier: finish,
  promo_code: refuse("promo_code", "There is no such promo code."),
  stripe_token: refuse("stripe_token", "Payments are not set up on this Phial: choose the FREE tier."),
  oauth: refuse("oauth", "Sign-up by another service is not set up on this Phial: use an e-mail address."),
}

/** `gigalixir signup`: one request a step, tied together by the uuid that the first answers. The last answers `{email, key}`. */
export async function signUpStep(ctx: Ctx, raw: Record<string, unknown>): Promise<Record<string, string>> {
  for (const [key, step] of Object.entries(steps)) {
    if (key in raw) return step(ctx, raw)
  }
  throw new AppError("invalid", "Give an e-mail address to begin.", { fields: { email: ["Give an e-mail address to begin."] } })
}

async function begin(ctx: Ctx, raw: unknown) {
  const { email } = signUpSteps.begin.parse(raw)
  return openSignup(ctx, email, null)
}

async function confirm(ctx: Ctx, raw: unknown) {
  const { uuid, confirmation_code } = signUpSteps.confirm.parse(raw)
  await confirmSignup(ctx, uuid, confirmation_code, "confirmation_code")
  return { uuid }
}

async function setPassword(ctx: Ctx, raw: unknown) {
  const { uuid, password } = signUpSteps.password.parse(raw)
  const signup = await signupUnderWay(ctx, uuid)
  if (!signup.confirmedAt) throw fieldError("confirmation_code", "Confirm your e-mail address first.")
  if (isPasswordOf(signup.email, password)) throw fieldError("password", PASSWORD_IS_EMAIL)
  const passwordHash = await hashPassword(password)
  await ctx.db.update(signups).set({ passwordHash }).where(eq(signups.id, uuid))
  return { uuid }
}

async function finish(ctx: Ctx, raw: unknown) {
  const { uuid, tier } = signUpSteps.tier.parse(raw)
  if (tier === "STANDARD") throw fieldError("tier", "Payments are not set up on this Phial: choose the FREE tier.")
  const { user, key } = await ctx.tx((tx) => finishSignup(tx, ctx, uuid))
  return { email: user.email, key }
}

function refuse(field: string, message: string): Step {
  return async () => {
    throw fieldError(field, message)
  }
}
