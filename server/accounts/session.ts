import { and, eq, gt, isNull } from "drizzle-orm"
import { sessions, users } from "@/db/schema"
import type { Actor, Parts, Via } from "@/server/kernel/context"
import { hashToken } from "@/server/kernel/secret"

export type Person = Extract<Actor, { kind: "person" }>

/** next-auth's own names, so that its routes and ours read one cookie; a browser takes `__Secure-` over https only. */
export const SESSION_COOKIE = "next-auth.session-token"
export const SECURE_SESSION_COOKIE = "__Secure-next-auth.session-token"

/** A session ends when it was not used for this long. */
const SESSION_DAYS = 30
const DAY_MS = 86_400_000
/** How often a session's last use is written down. */
const LAST_SEEN_EVERY_MS = 5 * 60_000

export function sessionExpiry(now: Date): Date {
  return new Date(now.getTime() + SESSION_DAYS * DAY_MS)
}

/**
 * The person behind a `Cookie` header: for pages, REST, WebSockets and event streams alike; plain Node.
 * @returns `null` without a session, or with one that has ended.
 */
export async function sessionFromCookies(
  parts: Parts,
  cookieHeader: string | null | undefined,
  via: Via = "dashboard",
): Promise<Person | null> {
  for (const token of sessionTokens(cookieHeader)) {
    const person = await sessionFromToken(parts, token, via)
    if (person) return person
  }
  return null
}

/** The person behind a session's token; the session lives on from here (`SESSION_DAYS`). */
export async function sessionFromToken(parts: Parts, token: string, via: Via = "dashboard"): Promise<Person | null> {
  const now = parts.clock.now()
  const [found] = await parts.db
    .select({ id: sessions.id, userId: users.id, email: users.email, lastSeenAt: sessions.lastSeenAt })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, hashToken(token)), isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
  if (!found) return null
  if (now.getTime() - found.lastSeenAt.getTime() > LAST_SEEN_EVERY_MS) {
    await parts.db
      .update(sessions)
      .set({ lastSeenAt: now, expiresAt: sessionExpiry(now) })
      .where(and(eq(sessions.id, found.id), isNull(sessions.revokedAt)))
  }
  return { kind: "person", userId: found.userId, email: found.email, sessionId: found.id, via }
}

function sessionTokens(cookieHeader: string | null | undefined): string[] {
  const cookies = (cookieHeader ?? "").split(";").map((part) => part.trim())
  return [SECURE_SESSION_COOKIE, SESSION_COOKIE].flatMap((name) =>
    cookies.filter((cookie) => cookie.startsWith(`${name}=`)).map((cookie) => cookie.slice(name.length + 1)),
  )
}
