import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { type Hub, type HubEvent, makeHub } from "./index"

let connection: Connection
let hub: Hub
beforeAll(async () => {
  connection = await testDatabase()
  hub = makeHub(connection)
  await new Promise<void>((listening) => {
    const end = hub.subscribe({}, () => {
      end()
      listening()
    })
  })
})
afterAll(async () => {
  await hub.close()
  await connection.close()
})

function collected(interest: { app?: string; tables?: string[] }) {
  const events: HubEvent[] = []
  const end = hub.subscribe(interest, (event) => events.push(event))
  return { events, end, notices: () => events.filter((event) => event !== "missed") }
}

async function eventually(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 20_000, interval: 10 }).toBe(true)
}

it("tells of a change to those only who asked for that app and table", async () => {
  const owner = await aPerson(testParts(connection))
  const all = collected({})
  const app = await anApp(owner)
  const [mine, others, tables] = [collected({ app: app.id }), collected({ app: owner.userId }), collected({ tables: ["builds"] })]
  await connection.sql`update apps set replicas = 3 where id = ${app.id}`
  await eventually(() => mine.notices().some((notice) => notice.table === "apps"))
  expect(mine.notices()).toContainEqual({ table: "apps", app: app.id, id: app.id })
  expect([others.notices(), tables.notices()]).toEqual([[], []])
  const before = hub.size()
  for (const each of [all, mine, others, tables]) each.end()
  expect(hub.size()).toBe(before - 4)
})

it("listens again after its connection was cut, and says that notices were missed", async () => {
  const seen = collected({})
  await connection.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'listen%'`
  await eventually(() => seen.events.includes("missed"))
  await connection.sql`select pg_notify('phial_events', '{"table":"apps","app":null,"id":"x"}')`
  await eventually(() => seen.notices().length > 0)
  seen.end()
})

it("says when to look: at once, after a change, and ends with the signal", async () => {
  const ending = new AbortController()
  let looks = 0
  const done = (async () => {
    for await (const _ of hub.looks({ tables: ["made_up"] }, { atLeastEveryMs: 60_000, signal: ending.signal })) looks += 1
  })()
  await eventually(() => looks === 1)
  await connection.sql`select pg_notify('phial_events', '{"table":"made_up","app":null,"id":null}')`
  await eventually(() => looks === 2)
  ending.abort()
  await done
})
