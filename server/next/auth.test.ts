import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { eq } from "drizzle-orm"
import type { NextApiRequest, NextApiResponse } from "next"
import NextAuth from "next-auth"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { sessions } from "@/db/schema"
import { aMember, PASSWORD } from "@/server/accounts/testing"
import { readEnv } from "@/server/kernel/env"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import { authOptions } from "./auth"
import { shareParts } from "./parts"

let connection: Connection
let server: Server
let origin: string
beforeAll(async () => {
  connection = await testDatabase()
  server = createServer((request, response) => void answer(request, response).catch((error) => response.destroy(error)))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = readEnv({ PHIAL_HOME: "/nowhere", PHIAL_URL: origin })
  shareParts({ ...testParts(connection), env })
})
afterAll(async () => {
  server.close()
  await connection.close()
})

/** next-auth's handler for plain requests: what it does with the options is the same as in a route of Next. */
async function answer(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", origin)
  const body = await text(request)
  Object.assign(request, {
    query: { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.split("/").slice(3) },
    cookies: Object.fromEntries((request.headers.cookie ?? "").split("; ").map((pair) => pair.split(/=(.*)/).map(decodeURIComponent))),
    body: Object.fromEntries(new URLSearchParams(body)),
  })
  Object.assign(response, {
    status: (code: number) => Object.assign(response, { statusCode: code }),
    json: (data: unknown) => response.end(JSON.stringify(data)),
    send: (data: unknown) => response.end(typeof data === "string" ? data : JSON.stringify(data)),
    redirect: (code: number, to: string) => response.writeHead(code, { location: to }).end(),
  })
  await NextAuth(request as NextApiRequest, response as unknown as NextApiResponse, authOptions())
}

/** A browser's jar and forms, as small as they can be. */
function aBrowser() {
  const jar = new Map<string, string>()
  async function go(path: string, form?: Record<string, string>) {
    const headers = { cookie: [...jar].map((pair) => pair.join("=")).join("; ") }
    const init = form ? { method: "POST", body: new URLSearchParams(form) } : {}
    const response = await fetch(`${origin}/api/auth/${path}`, { ...init, headers, redirect: "manual" })
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split(/=(.*)/)
      if (value) jar.set(name, value)
      else jar.delete(name)
    }
    return response
  }
  const json = async (path: string) => (await (await go(path)).json()) as Record<string, unknown>
  const signIn = async (email: string, password: string) =>
    go("callback/credentials", { email, password, json: "true", csrfToken: String((await json("csrf")).csrfToken) })
  return { jar, go, json, signIn }
}

it("signs in with our opaque token as its session, in exactly one row, and reads it again", async () => {
  const member = await aMember(testParts(connection))
  const browser = aBrowser()
  expect((await browser.signIn(member.email, PASSWORD)).status).toBe(200)
  expect(browser.jar.get("next-auth.session-token")).toMatch(/^[\w-]{43}$/)
  expect(await browser.json("session")).toMatchObject({ user: { email: member.email } })
  expect(await browser.json("session")).toMatchObject({ user: { email: member.email } })
  expect(await connection.db.select().from(sessions).where(eq(sessions.userId, member.userId))).toHaveLength(1)
})

it("refuses a wrong password", async () => {
  const member = await aMember(testParts(connection))
  const browser = aBrowser()
  expect((await browser.signIn(member.email, "wrong password")).status).toBe(401)
  expect(browser.jar.has("next-auth.session-token")).toBe(false)
})

it("has no session at once after it was revoked", async () => {
  const member = await aMember(testParts(connection))
  const browser = aBrowser()
  await browser.signIn(member.email, PASSWORD)
  await connection.db.update(sessions).set({ revokedAt: new Date() }).where(eq(sessions.userId, member.userId))
  expect(await browser.json("session")).toEqual({})
})

it("revokes the session at sign-out", async () => {
  const member = await aMember(testParts(connection))
  const browser = aBrowser()
  await browser.signIn(member.email, PASSWORD)
  await browser.go("signout", { csrfToken: String((await browser.json("csrf")).csrfToken), json: "true" })
  expect(browser.jar.has("next-auth.session-token")).toBe(false)
  expect(await connection.db.select().from(sessions).where(eq(sessions.userId, member.userId))).toEqual([
    expect.objectContaining({ revokedAt: expect.any(Date) }),
  ])
})
