import { eq } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apiKeys } from "@/db/schema"
import type { Ctx, Parts } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import { apiKeysOf, authenticateBasic, createApiKey, makeLoginKey, regenerateApiKey, revokeApiKey } from "./index"
import { aMember, aStranger, auditOf, PASSWORD } from "./testing"

let connection: Connection
let parts: Parts
beforeAll(async () => {
  connection = await testDatabase()
  parts = testParts(connection)
})
afterAll(() => connection.close())

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`
const works = async (email: string, key: string) => (await authenticateBasic(parts, basic(email, key))) !== null
const loginAs = (email: string, password = PASSWORD) => makeLoginKey(aStranger(parts), basic(email, password))

it("shows a key once, keeps its hash and its beginning, and notes its use", async () => {
  const member = await aMember(parts)
  const { key, id, prefix } = await createApiKey(member, { name: "CI" })
  expect(key.startsWith(prefix)).toBe(true)
  expect(await works(member.email, key)).toBe(true)
  expect(JSON.stringify(await connection.db.select().from(apiKeys))).not.toContain(key)
  expect(await apiKeysOf(member)).toEqual([expect.objectContaining({ id, name: "CI", lastUsedAt: expect.any(Date), expiresAt: null })])
  expect(await auditOf(connection, member.userId)).toEqual(["api_key.created"])
})

it("stops a key at once when it is revoked, and at its end", async () => {
  const member = await aMember(parts)
  const { key, id } = await createApiKey(member, { name: "a" })
  await revokeApiKey(member, { id })
  expect(await works(member.email, key)).toBe(false)
  await expect(revokeApiKey(member, { id })).rejects.toMatchObject({ code: "not_found" })
  expect(await auditOf(connection, member.userId)).toContain("api_key.revoked")

  const short = await createApiKey(member, { name: "b", expiresInDays: 1 })
  const later = { ...parts, clock: { now: () => new Date(Date.now() + 2 * 86_400_000) } }
  expect(await authenticateBasic(parts, basic(member.email, short.key))).not.toBeNull()
  expect(await authenticateBasic(later, basic(member.email, short.key))).toBeNull()
})

it("is nobody else's: a stranger neither uses, sees nor revokes it", async () => {
  const [member, stranger] = [await aMember(parts), await aMember(parts)]
  const { key, id } = await createApiKey(member, { name: "a" })
  expect(await works(stranger.email, key)).toBe(false)
  expect(await apiKeysOf(stranger)).toEqual([])
  await expect(revokeApiKey(stranger, { id })).rejects.toMatchObject({ code: "not_found" })
  await expect(createApiKey(aStranger(parts), { name: "a" })).rejects.toMatchObject({ code: "unauthenticated" })
  expect(await works(member.email, key)).toBe(true)
})

it("makes a key for each login with the CLI, and keeps the ten used last", async () => {
  const member = await aMember(parts)
  const first = await loginAs(member.email)
  const second = await loginAs(member.email)
  await connection.db
    .update(apiKeys)
    .set({ lastUsedAt: new Date(Date.now() + 60_000) })
    .where(eq(apiKeys.prefix, first.key.slice(0, 12)))
  for (let i = 0; i < 9; i++) await loginAs(member.email)
  expect(await apiKeysOf(member)).toHaveLength(10)
  expect((await apiKeysOf(member))[0]?.name).toBe("login (GigalixirCLI/1.16.1)")
  expect(await works(member.email, first.key)).toBe(true)
  expect(await works(member.email, second.key)).toBe(false)
})

it("takes the password raw or percent-encoded, and no wrong one", async () => {
  const member = await aMember(parts)
  await expect(loginAs(encodeURIComponent(member.email), encodeURIComponent(PASSWORD))).resolves.toHaveProperty("key")
  await expect(loginAs(member.email, "wrong password")).rejects.toMatchObject({ code: "unauthenticated" })
  await expect(makeLoginKey(aStranger(parts), null)).rejects.toMatchObject({ code: "unauthenticated" })
})

it("resets the keys of sign-up and logins with the password, and leaves the named ones", async () => {
  const member = await aMember(parts)
  const named = await createApiKey(member, { name: "CI" })
  const login = await loginAs(member.email)
  await expect(regenerateApiKey(member, { currentPassword: "wrong password" })).rejects.toMatchObject({ code: "invalid" })
  const fresh = await regenerateApiKey(member, { currentPassword: PASSWORD })
  expect(await works(member.email, fresh.key)).toBe(true)
  expect(await works(member.email, login.key)).toBe(false)
  expect(await works(member.email, named.key)).toBe(true)
  expect(await auditOf(connection, member.userId)).toContain("api_key.regenerated")
})

it("resets a named key too when it is the one that asks", async () => {
  const member = await aMember(parts)
  const { key } = await createApiKey(member, { name: "CI" })
  const actor = await authenticateBasic(parts, basic(member.email, key))
  if (!actor) throw new Error("no actor")
  await regenerateApiKey({ ...member, actor } satisfies Ctx, { currentPassword: PASSWORD })
  expect(await works(member.email, key)).toBe(false)
})

it("allows fifty named keys, also when they are made at the same time", async () => {
  const member = await aMember(parts)
  const outcomes = await Promise.allSettled(Array.from({ length: 52 }, (_, i) => createApiKey(member, { name: `k${i}` })))
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(50)
})
