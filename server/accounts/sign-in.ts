import type { Ctx } from "@/server/kernel/context"
import { checkSignIn } from "./check-password"
import { SignInInput } from "./schema"
import { type StartedSession, startSession } from "./start-session"

/** Starts a session for an e-mail and its password. @throws AppError `unauthenticated`, or `rate_limited`. */
export async function signIn(ctx: Ctx, raw: unknown): Promise<StartedSession> {
  const { email, password } = SignInInput.parse(raw)
  const user = await checkSignIn(ctx, email, password)
  return ctx.tx((tx) => startSession(tx, ctx, user))
}
