import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { aMember, codeFor, PASSWORD } from "@/server/accounts/testing"
import { readEnv } from "@/server/kernel/env"
import { shareParts } from "@/server/next/parts"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import * as regenerate from "./api_keys/regenerate/route"
import * as apiKeys from "./api_keys/route"
import * as login from "./login/route"
import * as signup from "./signup/route"
import * as sshKeys from "./ssh_keys/route"
import * as changePassword from "./users/change_password/route"
import * as users from "./users/route"

let connection: Connection
beforeAll(async () => {
  connection = await testDatabase()
  shareParts({ ...testParts(connection), env: readEnv({ PHIAL_HOME: "/nowhere" }) })
  await aMember(testParts(connection))
})
afterAll(() => connection.close())

type Route = (request: Request, segment: { params: Promise<Record<string, never>> }) => Promise<Response>
interface Asked {
  method?: string
  auth?: [name: string, secret: string]
  body?: unknown
  query?: string
}

/** As the CLI asks: its headers on every request, Basic from netrc, JSON in every method. */
async function ask(route: Route, { method = "GET", auth, body, query = "" }: Asked = {}) {
  const headers = new Headers({ "user-agent": "GigalixirCLI/1.16.1", "content-type": "application/json" })
  if (auth) headers.set("authorization", `Basic ${Buffer.from(auth.join(":")).toString("base64")}`)
  const request = new Request(`http://phial.test/api/x${query}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  const response = await route(request, { params: Promise.resolve({}) })
  return { status: response.status, body: await response.json() }
}

const percent = encodeURIComponent
const errors = (field: string) => ({ errors: { [field]: [expect.any(String)] } })
let number = 0

/** A member as the CLI has them after `gigalixir login`. */
async function loggedIn() {
  const { email } = await aMember(testParts(connection))
  const { body } = await ask(login.GET, { auth: [percent(email), percent(PASSWORD)] })
  return { email, auth: [email, body.data.key] as [string, string] }
}

describe("gigalixir signup", () => {
  const step = (body: unknown) => ask(signup.POST, { method: "POST", body })

  async function confirmed() {
    const email = `cli${++number}@example.com`
    const uuid: string = (await step({ email })).body.data.uuid
    await step({ uuid, confirmation_code: await codeFor(connection, email) })
    return { email, uuid }
  }

  it("makes a FREE account step by step, whose key works", async () => {
    const email = `cli${++number}@example.com`
    const begun = await step({ email })
    expect(begun).toEqual({ status: 200, body: { data: { uuid: expect.any(String) } } })
    const uuid: string = begun.body.data.uuid
    const code = await codeFor(connection, email)
    expect(await step({ uuid, confirmation_code: code === "000000" ? "000001" : "000000" })).toEqual({
      status: 422,
      body: errors("confirmation_code"),
    })
    expect((await step({ uuid, confirmation_code: code })).status).toBe(200)
    expect(await step({ uuid, password: "short" })).toEqual({ status: 422, body: errors("password") })
    expect(await step({ uuid, password: email })).toEqual({ status: 422, body: errors("password") })
    expect((await step({ uuid, password: PASSWORD })).status).toBe(200)
    const done = await step({ uuid, tier: "FREE" })
    expect(done).toEqual({ status: 200, body: { data: { email, key: expect.any(String) } } })
    expect((await ask(users.GET, { auth: [email, done.body.data.key] })).status).toBe(200)
    expect(await step({ uuid, tier: "FREE" })).toEqual({ status: 422, body: errors("uuid") })
  })

  it("answers 429 after too many codes and too many beginnings", async () => {
    const email = `cli${++number}@example.com`
    const uuid: string = (await step({ email })).body.data.uuid
    const right = await codeFor(connection, email)
    for (let i = 0; i < 5; i++) await step({ uuid, confirmation_code: right === "000000" ? "000001" : "000000" })
    expect((await step({ uuid, confirmation_code: right })).status).toBe(429)
    for (let i = 0; i < 4; i++) await step({ email })
    expect((await step({ email })).status).toBe(429)
  })

  it("skips no step", async () => {
    const { body } = await step({ email: `cli${++number}@example.com` })
    expect(await step({ uuid: body.data.uuid, password: PASSWORD })).toEqual({ status: 422, body: errors("confirmation_code") })
    expect(await step({ uuid: body.data.uuid, tier: "FREE" })).toEqual({ status: 422, body: errors("confirmation_code") })
    const { uuid } = await confirmed()
    expect(await step({ uuid, tier: "FREE" })).toEqual({ status: 422, body: errors("password") })
  })

  it("says that there are no payments, promo codes or other services yet", async () => {
    const { uuid } = await confirmed()
    await step({ uuid, password: PASSWORD })
    expect(await step({ uuid, stripe_token: "tok_x" })).toEqual({ status: 422, body: errors("stripe_token") })
    expect(await step({ uuid, promo_code: "X" })).toEqual({ status: 422, body: errors("promo_code") })
    expect(await step({ uuid, tier: "STANDARD" })).toEqual({ status: 422, body: errors("tier") })
    expect(await step({ oauth: "google" })).toEqual({ status: 422, body: errors("oauth") })
    expect(await step({})).toEqual({ status: 422, body: errors("email") })
    expect((await step({ uuid, tier: "FREE" })).status).toBe(200)
  })
})

describe("gigalixir login", () => {
  it("answers a key for the percent-encoded e-mail and password", async () => {
    const { email, auth } = await loggedIn()
    expect(await ask(users.GET, { auth })).toMatchObject({ status: 200, body: { data: { email } } })
  })

  it("answers 401 for a wrong password and for none", async () => {
    const { email } = await loggedIn()
    expect(await ask(login.GET, { auth: [percent(email), "wrong"] })).toEqual({ status: 401, body: errors("email") })
    expect(await ask(login.GET)).toEqual({ status: 401, body: errors("") })
  })
})

it("gigalixir account answers e-mail, tier, credit and the masked key", async () => {
  const { email, auth } = await loggedIn()
  const data = { api_key: `${auth[1].slice(0, 12)}…`, credit_cents: 0, email, tier: "FREE" }
  expect(await ask(users.GET, { auth })).toEqual({ status: 200, body: { data } })
  expect(await ask(users.GET, { auth: [percent(email), percent(auth[1])] })).toEqual({ status: 200, body: { data } })
  expect((await ask(users.GET)).status).toBe(401)
})

it("gigalixir account:password:change", async () => {
  const { email, auth } = await loggedIn()
  const change = (current_password: string, new_password: string) =>
    ask(changePassword.PATCH, { method: "PATCH", auth, body: { current_password, new_password } })
  expect(await change("wrong", "another long one")).toEqual({ status: 422, body: errors("current_password") })
  expect(await change(PASSWORD, "short")).toEqual({ status: 422, body: errors("new_password") })
  expect(await change(PASSWORD, "another long one")).toEqual({ status: 200, body: { data: { message: expect.any(String) } } })
  expect((await ask(login.GET, { auth: [percent(email), percent("another long one")] })).status).toBe(200)
})

it("gigalixir account:api_key:reset", async () => {
  const { email, auth } = await loggedIn()
  const reset = (password: string) => ask(regenerate.POST, { method: "POST", auth, query: `?current_password=${percent(password)}` })
  expect(await reset("wrong")).toEqual({ status: 422, body: errors("current_password") })
  const answer = await reset(PASSWORD)
  expect(answer).toEqual({ status: 201, body: { data: { key: expect.any(String), expires_at: null } } })
  expect((await ask(users.GET, { auth })).status).toBe(401)
  expect((await ask(users.GET, { auth: [email, answer.body.data.key] })).status).toBe(200)
})

it("gigalixir account:ssh_keys, :add and :remove", async () => {
  const { auth } = await loggedIn()
  const ssh_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6PKIlVjHYqY0vHuQWZL1kSWfGpJ/CdXtgCyBLe/ikz ada@laptop"
  expect(await ask(sshKeys.GET, { auth })).toEqual({ status: 200, body: { data: [] } })
  expect(await ask(sshKeys.POST, { method: "POST", auth, body: { ssh_key: "nonsense" } })).toEqual({ status: 422, body: errors("ssh_key") })
  expect((await ask(sshKeys.POST, { method: "POST", auth, body: { ssh_key } })).status).toBe(201)
  const { body } = await ask(sshKeys.GET, { auth })
  expect(body.data).toEqual([{ id: expect.any(Number), key: ssh_key, fingerprint: expect.stringMatching(/^SHA256:/) }])
  const remove = () => ask(sshKeys.DELETE, { method: "DELETE", auth, body: { id: String(body.data[0].id) } })
  expect((await remove()).status).toBe(200)
  expect(await remove()).toEqual({ status: 404, body: errors("") })
  expect((await ask(sshKeys.GET)).status).toBe(401)
})

it("our own /api/api_keys lists, creates and revokes in the same style", async () => {
  const { email, auth } = await loggedIn()
  const made = await ask(apiKeys.POST, { method: "POST", auth, body: { name: "CI", expires_in_days: 30 } })
  expect(made).toMatchObject({ status: 201, body: { data: { name: "CI", key: expect.any(String), expires_at: expect.any(String) } } })
  const { id, key } = made.body.data
  const listed = await ask(apiKeys.GET, { auth: [email, key] })
  expect(listed.body.data.map((row: { name: string }) => row.name)).toEqual(["CI", "login (GigalixirCLI/1.16.1)"])
  expect(JSON.stringify(listed.body)).not.toContain(key)
  expect(await ask(apiKeys.POST, { method: "POST", auth, body: {} })).toEqual({ status: 422, body: errors("name") })
  expect((await ask(apiKeys.DELETE, { method: "DELETE", auth, body: { id } })).status).toBe(200)
  expect((await ask(users.GET, { auth: [email, key] })).status).toBe(401)
})
