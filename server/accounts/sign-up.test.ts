import { eq } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { outbox, users, wakes } from "@/db/schema"
import type { Parts } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import { authenticateBasic, confirmSignUp, sessionFromToken, signUp, sweepAccounts } from "./index"
import { aMember, aStranger, auditOf, codeFor, PASSWORD } from "./testing"

let connection: Connection
let parts: Parts
let number = 0
beforeAll(async () => {
  connection = await testDatabase()
  parts = testParts(connection)
})
afterAll(() => connection.close())

const newEmail = () => `new${++number}@example.com`
const begin = (email: string) => signUp(aStranger(parts), { email, password: PASSWORD })
const confirm = (uuid: string, code: string, on = parts) => confirmSignUp(aStranger(on), { uuid, code })
const wrong = (code: string) => (code === "000000" ? "000001" : "000000")

it("is closed until the operator has set this Phial up", async () => {
  await expect(begin(newEmail())).rejects.toMatchObject({ code: "forbidden" })
  await aMember(parts)
})

it("makes an account with its first API key and a session, once the code from the mail is given", async () => {
  const email = newEmail()
  const { uuid } = await begin(email.toUpperCase())
  expect(await connection.db.select().from(wakes)).toContainEqual(expect.objectContaining({ kind: "janitor", key: "mail" }))
  const { key, token, userId } = await confirm(uuid, await codeFor(connection, email))
  expect(await sessionFromToken(parts, token)).toMatchObject({ email, userId })
  const header = `Basic ${Buffer.from(`${email}:${key}`).toString("base64")}`
  expect(await authenticateBasic(parts, header)).toMatchObject({ kind: "api_key", email })
  const [user] = await connection.db.select().from(users).where(eq(users.id, userId))
  expect(user).toMatchObject({ tier: "FREE", isOperator: false, confirmedAt: expect.any(Date) })
  expect(await auditOf(connection, userId)).toEqual(["session.started", "user.signed_up"])
})

it("refuses a wrong code, a sixth try, a late one and a second use", async () => {
  const email = newEmail()
  const { uuid } = await begin(email)
  const code = await codeFor(connection, email)
  const tries = await Promise.all(Array.from({ length: 5 }, () => confirm(uuid, wrong(code)).catch((error) => error.code)))
  expect(tries).toEqual(["invalid", "invalid", "invalid", "invalid", "invalid"])
  await expect(confirm(uuid, code)).rejects.toMatchObject({ code: "rate_limited" })

  const late = await begin(email)
  const inTwoHours = { ...parts, clock: { now: () => new Date(Date.now() + 7_200_000) } }
  await expect(confirm(late.uuid, await codeFor(connection, email), inTwoHours)).rejects.toMatchObject({
    fields: { uuid: [expect.any(String)] },
  })

  const once = await begin(email)
  const right = await codeFor(connection, email)
  await confirm(once.uuid, right)
  await expect(confirm(once.uuid, right)).rejects.toMatchObject({ fields: { uuid: [expect.any(String)] } })
})

it("does not tell who has an account: that goes to the address by mail, and no code works", async () => {
  const member = await aMember(parts)
  const { uuid } = await begin(member.email)
  const [mail] = await connection.db.select().from(outbox).where(eq(outbox.to, member.email))
  expect(mail?.subject).toBe("You have an account already")
  await expect(confirm(uuid, "123456")).rejects.toMatchObject({ code: "invalid" })
})

it("makes one account of two sign-ups with the same address", async () => {
  const email = newEmail()
  const first = await begin(email)
  const firstCode = await codeFor(connection, email)
  const second = await begin(email)
  const secondCode = await codeFor(connection, email)
  const outcomes = await Promise.allSettled([confirm(first.uuid, firstCode), confirm(second.uuid, secondCode)])
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"])
  expect(await connection.db.select().from(users).where(eq(users.email, email))).toHaveLength(1)
})

it("refuses what is no e-mail address, and passwords that are short or the address itself", async () => {
  const refused = (email: string, password: string) =>
    signUp(aStranger(parts), { email, password }).catch((error) => error.issues[0].path[0])
  expect(await refused("no address", PASSWORD)).toBe("email")
  expect(await refused(newEmail(), "short")).toBe("password")
  expect(await refused("longer.than.ten@example.com", "Longer.Than.Ten@example.com")).toBe("password")
})

it("counts sign-ups by address and by where they come from", async () => {
  const email = newEmail()
  for (let i = 0; i < 5; i++) await begin(email)
  await expect(begin(email)).rejects.toMatchObject({ code: "rate_limited" })
  const from = (i: number) => signUp(aStranger(parts, "203.0.113.9"), { email: `many${i}@example.com`, password: PASSWORD })
  for (let i = 0; i < 20; i++) await from(i)
  await expect(from(20)).rejects.toMatchObject({ code: "rate_limited" })
})

it("is forgotten when it was not finished", async () => {
  const email = newEmail()
  const { uuid } = await begin(email)
  const tomorrow = { ...parts, clock: { now: () => new Date(Date.now() + 2 * 86_400_000) } }
  await sweepAccounts(tomorrow)
  await expect(confirm(uuid, await codeFor(connection, email))).rejects.toMatchObject({ code: "invalid" })
})
