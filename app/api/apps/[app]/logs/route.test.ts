import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apiKeys, logLines } from "@/db/schema"
import { type Hub, makeHub, shareHub } from "@/server/events"
import { readEnv } from "@/server/kernel/env"
import { hashToken, newToken } from "@/server/kernel/secret"
import { shareParts } from "@/server/next/parts"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { GET } from "./route"

let connection: Connection
let hub: Hub
beforeAll(async () => {
  connection = await testDatabase()
  hub = makeHub(connection)
  shareHub(hub)
  shareParts({ ...testParts(connection), env: readEnv({ PHIAL_HOME: "/nowhere" }) })
})
afterAll(async () => {
  await hub.close()
  await connection.close()
})

const at = new Date("2026-11-20T20:21:25.250Z")

async function anAppThatPrinted(...texts: string[]) {
  const owner = await aPerson(testParts(connection))
  const app = await anApp(owner)
  const print = (...more: string[]) =>
    connection.db
      .insert(logLines)
      .values(more.map((text) => ({ appId: app.id, at, source: "app" as const, replica: `${app.name}-abc123`, text })))
  if (texts.length > 0) await print(...texts)
  const key = newToken()
  await connection.db.insert(apiKeys).values({ userId: owner.userId, name: "k", keyHash: hashToken(key), prefix: "x" })
  const headers = { authorization: `Basic ${Buffer.from(`${owner.email}:${key}`).toString("base64")}` }
  const get = (query: string, signal?: AbortSignal) =>
    GET(new Request(`http://phial.test/api/apps/${app.name}/logs${query}`, { headers, ...(signal ? { signal } : {}) }), {
      params: Promise.resolve({ app: app.name }),
    })
  return { app, print, get }
}

it("gigalixir logs -n 2 -t: answers the last lines as Gigalixir prints them, and ends", async () => {
  const { app, get } = await anAppThatPrinted("one", "two", "three")
  const response = await get("?num_lines=2&follow=False")
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"])
  const head = `2026-11-20T20:21:25.250000+00:00 ${app.name}[${app.name}-abc123]:`
  expect(await response.text()).toBe(`${head} two\n${head} three\n`)
})

it("gigalixir logs: goes on with what is printed, until the reader leaves", async () => {
  const { print, get } = await anAppThatPrinted("before")
  const leaving = new AbortController()
  const response = await get("?follow=True", leaving.signal)
  let text = ""
  const reading = (async () => {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
  })()
  await expect.poll(() => text).toContain("before")
  await print("after", "more")
  await expect.poll(() => text, { timeout: 10_000 }).toMatch(/after\n.*more\n$/)
  leaving.abort()
  await reading
  await expect.poll(() => hub.size()).toBe(0)
})

it("refuses a number of lines that is none, and hides other people's apps", async () => {
  const [mine, theirs] = [await anAppThatPrinted("x"), await anAppThatPrinted("y")]
  expect((await mine.get("?num_lines=many")).status).toBe(422)
  const foreign = await GET(new Request("http://phial.test/x", { headers: { authorization: "Basic bm9ib2R5OngK" } }), {
    params: Promise.resolve({ app: theirs.app.name }),
  })
  expect(foreign.status).toBe(401)
})
