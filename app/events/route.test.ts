import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { permissions, sessions } from "@/db/schema"
import { SESSION_COOKIE } from "@/server/accounts"
import { type Hub, makeHub, shareHub } from "@/server/events"
import { readEnv } from "@/server/kernel/env"
import { hashToken, newToken } from "@/server/kernel/secret"
import { shareParts } from "@/server/next/parts"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, share, testParts } from "@/server/testing/people"
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

type Person = Awaited<ReturnType<typeof aPerson>>
const open: AbortController[] = []
afterAll(() => {
  for (const one of open) one.abort()
})

async function listen(who: Person | null, query = "") {
  const token = newToken()
  if (who) {
    await connection.db.insert(sessions).values({ userId: who.userId, tokenHash: hashToken(token), expiresAt: new Date(Date.now() + 1e6) })
  }
  const ending = new AbortController()
  open.push(ending)
  const headers = { cookie: `${SESSION_COOKIE}=${token}` }
  const response = await GET(new Request(`http://phial.test/events${query}`, { headers, signal: ending.signal }), {
    params: Promise.resolve({}),
  })
  let text = ""
  let isOver = false
  void (async () => {
    for await (const chunk of (response.body ?? new ReadableStream()) as unknown as AsyncIterable<Uint8Array>)
      text += Buffer.from(chunk).toString()
    isOver = true
  })().catch(() => {
    isOver = true
  })
  return { response, text: () => text, isOver: () => isOver, leave: () => ending.abort() }
}

const eventually = (read: () => unknown) => expect.poll(read, { timeout: 20_000, interval: 10 })

it("tells of all apps that one sees and of no other, and of an app that is shared meanwhile", async () => {
  const [mine, theirs] = [await aPerson(testParts(connection)), await aPerson(testParts(connection))]
  const [app, foreign] = [await anApp(mine), await anApp(theirs)]
  const stream = await listen(mine)
  expect(stream.response.headers.get("content-type")).toBe("text/event-stream")
  await eventually(stream.text).toContain("retry: 1000")
  await connection.sql`update apps set replicas = 2 where id in (${app.id}, ${foreign.id})`
  await eventually(stream.text).toContain(`{"table":"apps","id":"${app.id}"}`)
  expect(stream.text()).not.toContain(foreign.id)
  await share(foreign, mine, "VIEWER")
  await eventually(stream.text).toContain(`{"table":"permissions","id":"${mine.userId}"}`)
  await connection.sql`update apps set replicas = 3 where id = ${foreign.id}`
  await eventually(stream.text).toContain(`{"table":"apps","id":"${foreign.id}"}`)
  stream.leave()
  await eventually(stream.isOver).toBe(true)
})

it("of one app tells of what is printed too, each row once for a storm of changes", async () => {
  const owner = await aPerson(testParts(connection))
  const app = await anApp(owner)
  const stream = await listen(owner, `?app=${app.name}`)
  await eventually(stream.text).toContain("retry")
  const line = { app_id: app.id, at: new Date().toISOString(), source: "app", text: "x" }
  await connection.sql.begin(async (tx) => {
    for (let i = 0; i < 200; i += 1) await tx`update apps set replicas = ${i} where id = ${app.id}`
    await tx`insert into log_lines ${tx(line)}`
  })
  await eventually(stream.text).toContain('{"table":"log_lines","id":null}')
  expect(stream.text().match(/"table":"apps"/g)).toHaveLength(1)
})

it("ends when the permission is taken away, and is refused to strangers", async () => {
  const [owner, guest] = [await aPerson(testParts(connection)), await aPerson(testParts(connection))]
  const app = await anApp(owner)
  expect((await listen(guest, `?app=${app.name}`)).response.status).toBe(404)
  expect((await listen(null)).response.status).toBe(401)
  await share(app, guest, "VIEWER")
  const stream = await listen(guest, `?app=${app.name}`)
  await eventually(stream.text).toContain("retry")
  await connection.db.delete(permissions)
  await eventually(stream.isOver).toBe(true)
})
