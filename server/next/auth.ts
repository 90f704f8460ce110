import "server-only"
import type { NextAuthOptions } from "next-auth"
import type { JWT } from "next-auth/jwt"
import Credentials from "next-auth/providers/credentials"
import { sessionFromToken, signIn, signOut } from "@/server/accounts"
import { type Ctx, makeCtx } from "@/server/kernel/context"
import { tellNextAuth } from "@/server/kernel/env"
import { refusalOf } from "@/server/kernel/refusal"
import { clientOf } from "./client"
import { type ServerParts, serverParts } from "./parts"
import { COOKIE_SECONDS, sessionCookie } from "./session-cookie"

/** The JWT that next-auth passes around is only a carrier of our opaque token: nothing of it is ever encoded. */
type Carrier = JWT & { raw?: string }

/**
 * next-auth with our sessions behind it: opaque tokens, stored hashed, revocable at once (docs/decisions/021). Its codec is replaced, since
 * version 4 keeps no rows for credentials; the operator sets nothing, since its URL and secret follow from ours.
 */
export function authOptions(parts: ServerParts = serverParts()): NextAuthOptions {
  tellNextAuth(parts.env)
  return {
    secret: parts.secrets.digest("next-auth"),
    session: { strategy: "jwt", maxAge: COOKIE_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    cookies: { sessionToken: sessionCookie() },
    providers: [credentials(parts)],
    jwt: { encode: async ({ token }) => (token as Carrier | undefined)?.raw ?? "", decode: ({ token }) => carrierOf(parts, token) },
    callbacks: {
      jwt: ({ token, user }) => (user && "raw" in user ? { ...token, raw: user.raw } : token),
      session: ({ session, token }) => ({ ...session, user: { email: token.email ?? null } }),
    },
    events: { signOut: ({ token }) => endSession(parts, token as Carrier | null) },
    logger: { error: (code, about) => logError(parts, code, about) },
  }
}

function credentials(parts: ServerParts) {
  return Credentials({
    credentials: { email: { type: "email" }, password: { type: "password" } },
    authorize: async (given, request) => {
      const client = clientOf(new Headers(request.headers as Record<string, string>))
      const ctx = makeCtx(parts, { actor: { kind: "anonymous", via: "dashboard" }, ...client })
      return refusedAsNull(() => userOf(ctx, given))
    },
  })
}

async function userOf(ctx: Ctx, given: unknown) {
  const { token, userId, email } = await signIn(ctx, given)
  return { id: userId, email, raw: token }
}

/** next-auth's word for a refusal is `null`; anything else is a bug, and stays one. */
async function refusedAsNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (thrown) {
    if (refusalOf(thrown)) return null
    throw thrown
  }
}

async function carrierOf(parts: ServerParts, token: string | undefined): Promise<Carrier | null> {
  const person = token ? await sessionFromToken(parts, token) : null
  return person && token ? { sub: person.userId, email: person.email, raw: token } : null
}

async function endSession(parts: ServerParts, token: Carrier | null): Promise<void> {
  const person = token?.raw ? await sessionFromToken(parts, token.raw) : null
  if (person) await signOut(makeCtx(parts, { actor: person }))
}

/** A session that ended shows as JWT_SESSION_ERROR with a stack: that is no error of ours. */
function logError(parts: ServerParts, code: string, about: unknown): void {
  if (code !== "JWT_SESSION_ERROR") parts.log.error("next-auth failed", { code, about })
}
