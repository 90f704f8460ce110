import type { Transaction } from "@/db/client"
import { sessions } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import { hashToken, newToken } from "@/server/kernel/secret"
import { as, type User } from "./person"
import { sessionExpiry } from "./session"

/** What the browser keeps: the token goes into the cookie and is stored nowhere else. */
export interface StartedSession {
  token: string
  userId: string
  email: string
}

/** A new session of somebody who has just shown who they are. Always a new token: what a browser had before is worth nothing. */
export async function startSession(tx: Transaction, ctx: Ctx, user: User): Promise<StartedSession> {
  const token = newToken()
  const now = ctx.clock.now()
  const [session] = await tx
    .insert(sessions)
    .values({
      ...{ userId: user.id, tokenHash: hashToken(token), ip: ctx.ip, userAgent: ctx.userAgent },
      ...{ createdAt: now, lastSeenAt: now, expiresAt: sessionExpiry(now) },
    })
    .returning({ id: sessions.id })
  invariant(session, "an insert returns its row")
  await audit(tx, as(ctx, user, session.id), "session.started")
  return { token, userId: user.id, email: user.email }
}
