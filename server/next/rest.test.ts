import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import type { Connection } from "@/db/client"
import { apiKeys, apps, sessions } from "@/db/schema"
import { readEnv } from "@/server/kernel/env"
import { AppError } from "@/server/kernel/errors"
import { hashToken, newToken } from "@/server/kernel/secret"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { shareParts } from "./parts"
import { rest } from "./rest"

const URL_HERE = "http://phial.test/api/thing?x=1"
const noParams = { params: Promise.resolve({}) }
let connection: Connection
beforeAll(async () => {
  connection = await testDatabase()
  shareParts({ ...testParts(connection), env: readEnv({ PHIAL_HOME: "/nowhere" }) })
})
afterAll(() => connection.close())

const whoAmI = rest(async (ctx, { body, query }) => ({ actor: ctx.actor.kind, body, x: query.get("x") }))
const basic = (name: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` })

async function keyOf(over: Partial<typeof apiKeys.$inferInsert> = {}) {
  const person = await aPerson(testParts(connection))
  const key = newToken()
  await connection.db.insert(apiKeys).values({ userId: person.userId, name: "k", keyHash: hashToken(key), prefix: "x", ...over })
  return { person, key }
}

async function call(handler: typeof whoAmI, init: RequestInit = {}) {
  const response = await handler(new Request(URL_HERE, init), noParams)
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown }
}

describe("who asks", () => {
  it("is told by e-mail and API key, raw or percent-encoded", async () => {
    const { person, key } = await keyOf()
    const expected = { status: 200, body: { data: { actor: "api_key", body: {}, x: "1" } } }
    expect(await call(whoAmI, { headers: basic(person.email, key) })).toMatchObject(expected)
    expect(await call(whoAmI, { headers: basic(encodeURIComponent(person.email), encodeURIComponent(key)) })).toMatchObject(expected)
    expect(await call(whoAmI, { headers: basic(person.email.toUpperCase(), key) })).toMatchObject(expected)
  })

  it("is nobody with a wrong, revoked, expired or foreign key", async () => {
    const { person, key } = await keyOf()
    const revoked = await keyOf({ revokedAt: new Date() })
    const expired = await keyOf({ expiresAt: new Date(0) })
    for (const headers of [
      basic(person.email, "wrong"),
      basic(revoked.person.email, revoked.key),
      basic(expired.person.email, expired.key),
      basic(revoked.person.email, key),
      { authorization: "Basic ???" },
      { authorization: "Bearer x" },
      {},
    ]) {
      const answer = await call(whoAmI, { headers: headers as Record<string, string> })
      expect(answer).toMatchObject({ status: 401, body: { errors: { "": [expect.any(String)] } } })
      expect(answer.headers.get("www-authenticate")).toBe('Basic realm="Phial"')
      expect(answer.headers.has("x-latest-version")).toBe(false)
    }
  })

  it("is a run container with its app's name and APP_KEY, until the app is deleted", async () => {
    const app = await anApp(await aPerson(testParts(connection)), { appKeyHash: hashToken("app-key") })
    expect(await call(whoAmI, { headers: basic(app.name, "app-key") })).toMatchObject({ body: { data: { actor: "run_container" } } })
    await connection.db.update(apps).set({ deletedAt: new Date() })
    expect(await call(whoAmI, { headers: basic(app.name, "app-key") })).toMatchObject({ status: 401 })
  })

  it("is the person of the session, who changes things only from our own pages", async () => {
    const person = await aPerson(testParts(connection))
    const token = newToken()
    await connection.db
      .insert(sessions)
      .values({ userId: person.userId, tokenHash: hashToken(token), expiresAt: new Date(Date.now() + 1e6) })
    const cookie = { cookie: `other=1; next-auth.session-token=${token}`, host: "phial.test", "sec-fetch-site": "same-origin" }
    expect(await call(whoAmI, { headers: cookie })).toMatchObject({ status: 200, body: { data: { actor: "person" } } })
    const write = (origin: Record<string, string>) => call(whoAmI, { method: "POST", headers: { ...cookie, ...origin } })
    expect(await write({ origin: "http://phial.test" })).toMatchObject({ status: 200 })
    expect(await write({ origin: "http://evil.test" })).toMatchObject({ status: 403 })
    expect(await write({})).toMatchObject({ status: 403 })
    await connection.db.update(sessions).set({ revokedAt: new Date() })
    const ended = await call(whoAmI, { headers: cookie })
    expect(ended.status).toBe(401)
    expect(ended.headers.has("www-authenticate")).toBe(false)
  })
})

describe("what is answered", () => {
  const open = (work: (body: Record<string, unknown>) => unknown, ok?: number) =>
    rest(async (_ctx, { body }) => work(body), { auth: "none", ...(ok ? { ok } : {}) })

  it("wraps what the handler gives, with its status, and reads the JSON body of a DELETE", async () => {
    const answer = await call(
      open((body) => body.id, 201),
      { method: "DELETE", body: '{"id":"3"}' },
    )
    expect(answer).toMatchObject({ status: 201, body: { data: "3" } })
  })

  it("maps each refusal to its status, with messages by field", async () => {
    const refusals = { invalid: 422, unauthenticated: 401, second_factor_required: 303, forbidden: 403, not_found: 404, conflict: 409 }
    for (const [code, status] of Object.entries({ ...refusals, rate_limited: 429, unavailable: 503 })) {
      const answer = await call(
        open(() => {
          throw new AppError(code as AppError["code"], "why", { fields: { name: ["why"] }, retryAfterSeconds: 7 })
        }),
      )
      expect(answer).toMatchObject({ status, body: { errors: { name: ["why"] } } })
      expect(answer.headers.get("location")).toBeNull()
      expect(answer.headers.get("retry-after")).toBe("7")
    }
  })

  it("answers 422 for a body that is no JSON object, or that the schema refuses", async () => {
    const parse = open((body) => z.object({ name: z.string("Give a name.") }).parse(body))
    expect(await call(parse, { method: "POST", body: "{" })).toMatchObject({ status: 422 })
    expect(await call(parse, { method: "POST", body: "[1]" })).toMatchObject({ status: 422 })
    expect(await call(parse, { method: "POST", body: "{}" })).toMatchObject({ status: 422, body: { errors: { name: ["Give a name."] } } })
  })

  it("shows a bug as a request id and nothing else", async () => {
    const answer = await call(
      open(() => {
        throw new Error("secret detail")
      }),
    )
    expect(answer.status).toBe(500)
    expect(JSON.stringify(answer.body)).toMatch(/Request id: [0-9a-f]{12}/)
    expect(JSON.stringify(answer.body)).not.toContain("secret detail")
  })

  it("says that it is unavailable while PostgreSQL is away", async () => {
    const away = open(() => {
      throw new Error("query failed", { cause: Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" }) })
    })
    expect(await call(away)).toMatchObject({ status: 503 })
  })
})
