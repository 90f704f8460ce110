import { eq } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { sessions } from "@/db/schema"
import { makeCtx, type Parts } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import { changePassword, revokeOtherSessions, revokeSession, sessionFromCookies, sessionsOf, signIn, signOut } from "./index"
import { aMember, aStranger, auditOf, PASSWORD } from "./testing"

let connection: Connection
let parts: Parts
beforeAll(async () => {
  connection = await testDatabase()
  parts = testParts(connection)
})
afterAll(() => connection.close())

const at = (parts: Parts, milliseconds: number): Parts => ({ ...parts, clock: { now: () => new Date(Date.now() + milliseconds) } })
const DAY = 86_400_000

async function signedIn(email: string) {
  const { token } = await signIn(aStranger(parts), { email, password: PASSWORD })
  const cookie = `a=b; next-auth.session-token=${token}`
  const actor = await sessionFromCookies(parts, cookie)
  if (!actor) throw new Error("no session")
  return { cookie, token, ctx: makeCtx(parts, { actor }), sessionId: actor.sessionId ?? "" }
}

it("starts a session that the cookie finds again, under either name, and keeps only the token's hash", async () => {
  const member = await aMember(parts)
  const { token } = await signIn(aStranger(parts), { email: ` ${member.email.toUpperCase()}`, password: PASSWORD })
  const expected = { kind: "person", userId: member.userId, email: member.email }
  expect(await sessionFromCookies(parts, `next-auth.session-token=${token}`)).toMatchObject(expected)
  expect(await sessionFromCookies(parts, `__Secure-next-auth.session-token=${token}`)).toMatchObject(expected)
  expect(await sessionFromCookies(parts, `next-auth.session-token=${token}x`)).toBeNull()
  expect(await sessionFromCookies(parts, null)).toBeNull()
  expect(JSON.stringify(await connection.db.select().from(sessions))).not.toContain(token)
  expect(await auditOf(connection, member.userId)).toContain("session.started")
})

it("says the same to a wrong password and to an unknown e-mail", async () => {
  const member = await aMember(parts)
  const refusal = { code: "unauthenticated", message: "E-mail or password is incorrect.", fields: { email: [expect.any(String)] } }
  await expect(signIn(aStranger(parts), { email: member.email, password: "wrong password" })).rejects.toMatchObject(refusal)
  await expect(signIn(aStranger(parts), { email: "nobody@example.com", password: PASSWORD })).rejects.toMatchObject(refusal)
})

it("stops one address from guessing on, also with guesses at the same time, and lets the person in from another", async () => {
  const member = await aMember(parts)
  const guess = () => signIn(aStranger(parts, "203.0.113.7"), { email: member.email, password: "wrong password" }).catch((e) => e.code)
  const codes = await Promise.all(Array.from({ length: 14 }, guess))
  expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(10)
  expect(codes.filter((code) => code === "rate_limited")).toHaveLength(4)
  const right = { email: member.email, password: PASSWORD }
  await expect(signIn(aStranger(parts, "203.0.113.7"), right)).rejects.toMatchObject({
    code: "rate_limited",
    retryAfterSeconds: expect.any(Number),
  })
  await expect(signIn(aStranger(parts, "203.0.113.8"), right)).resolves.toHaveProperty("token")
  await expect(signIn(aStranger(at(parts, 900_000), "203.0.113.7"), right)).resolves.toHaveProperty("token")
})

it("keeps a session alive for 30 days from its last use", async () => {
  const member = await aMember(parts)
  const { cookie } = await signedIn(member.email)
  expect(await sessionFromCookies(at(parts, 29 * DAY), cookie)).not.toBeNull()
  expect(await sessionFromCookies(at(parts, 58 * DAY), cookie)).not.toBeNull()
  expect(await sessionFromCookies(at(parts, 89 * DAY), cookie)).toBeNull()
})

it("ends a session at sign-out", async () => {
  const member = await aMember(parts)
  const { cookie, ctx } = await signedIn(member.email)
  await signOut(ctx)
  expect(await sessionFromCookies(parts, cookie)).toBeNull()
  expect(await auditOf(connection, member.userId)).toContain("session.ended")
})

it("lists one's sessions, and ends one or all others at once", async () => {
  const member = await aMember(parts)
  const [here, there, elsewhere] = [await signedIn(member.email), await signedIn(member.email), await signedIn(member.email)]
  expect((await sessionsOf(here.ctx)).map((session) => [session.id, session.isCurrent])).toContainEqual([here.sessionId, true])
  await revokeSession(here.ctx, { id: there.sessionId })
  expect(await sessionFromCookies(parts, there.cookie)).toBeNull()
  await expect(revokeSession(here.ctx, { id: there.sessionId })).rejects.toMatchObject({ code: "not_found" })
  expect(await revokeOtherSessions(here.ctx)).toBe(1)
  expect(await sessionFromCookies(parts, elsewhere.cookie)).toBeNull()
  expect(await sessionsOf(here.ctx)).toHaveLength(1)
})

it("does not let a stranger see or end another's session", async () => {
  const [member, stranger] = [await aMember(parts), await aMember(parts)]
  const { sessionId, cookie } = await signedIn(member.email)
  await expect(revokeSession(stranger, { id: sessionId })).rejects.toMatchObject({ code: "not_found" })
  await expect(revokeSession(aStranger(parts), { id: sessionId })).rejects.toMatchObject({ code: "unauthenticated" })
  await expect(sessionsOf(aStranger(parts))).rejects.toMatchObject({ code: "unauthenticated" })
  expect(await sessionFromCookies(parts, cookie)).not.toBeNull()
})

it("changes the password, which ends the other sessions and the old password", async () => {
  const member = await aMember(parts)
  const [here, there] = [await signedIn(member.email), await signedIn(member.email)]
  const change = (currentPassword: string, newPassword: string) => changePassword(here.ctx, { currentPassword, newPassword })
  await expect(change("wrong password", "another long one")).rejects.toMatchObject({ fields: { currentPassword: [expect.any(String)] } })
  await expect(change(PASSWORD, member.email)).rejects.toMatchObject({ fields: { newPassword: [expect.any(String)] } })
  expect(await change(PASSWORD, "another long one")).toEqual({ endedSessions: 1 })
  expect(await sessionFromCookies(parts, here.cookie)).not.toBeNull()
  expect(await sessionFromCookies(parts, there.cookie)).toBeNull()
  await expect(signIn(aStranger(parts), { email: member.email, password: PASSWORD })).rejects.toMatchObject({ code: "unauthenticated" })
  await expect(signIn(aStranger(parts), { email: member.email, password: "another long one" })).resolves.toBeDefined()
  expect(await auditOf(connection, member.userId)).toContain("user.password_changed")
})

it("takes no session of an account that is gone", async () => {
  const member = await aMember(parts)
  const { cookie } = await signedIn(member.email)
  await connection.db.delete(sessions).where(eq(sessions.userId, member.userId))
  expect(await sessionFromCookies(parts, cookie)).toBeNull()
})
