"use server"

import {
  signIn as check,
  confirmSignUp as confirm,
  signOut as end,
  type StartedSession,
  setUpOperator,
  signUp as startSignUp,
} from "@/server/accounts"
import { ConfirmSignUpInput, NoInput, SetUpInput, SignInInput, SignUpInput } from "@/server/accounts/schema"
import { action } from "@/server/next/action"
import { serverParts } from "@/server/next/parts"
import { forgetSession, keepSession } from "@/server/next/session-cookie"

/** By the one-time link: the operator's account, signed in. The answer holds the first API key, this once. */
export const setUp = action(SetUpInput, async (ctx, input) => {
  const { key, ...started } = await setUpOperator(ctx, serverParts().env.home.run.setupTokenFile, input)
  return signedIn(started, { apiKey: key })
})

/** Mails a code; the answer's uuid goes to `confirmSignUp`. */
export const signUp = action(SignUpInput, startSignUp)

/** Makes the account and signs in. The answer holds the first API key, this once. */
export const confirmSignUp = action(ConfirmSignUpInput, async (ctx, input) => {
  const { key, ...started } = await confirm(ctx, input)
  return signedIn(started, { apiKey: key })
})

export const signIn = action(SignInInput, async (ctx, input) => signedIn(await check(ctx, input), {}))

export const signOut = action(NoInput, async (ctx) => {
  await end(ctx)
  await forgetSession()
})

/** The token itself stays between the server and the cookie. */
async function signedIn<T extends object>({ token, email }: StartedSession, more: T): Promise<T & { email: string }> {
  await keepSession(token)
  return { email, ...more }
}
