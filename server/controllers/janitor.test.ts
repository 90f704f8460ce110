import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { wakes } from "@/db/schema"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { reconcileJanitor } from "./janitor"

let connection: Connection
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())

it("wakes an app whose wake-up was lost, and leaves the others alone", async () => {
  const parts = testParts(connection)
  const app = await anApp(await aPerson(parts))
  const warned: unknown[] = []
  const log = { ...parts.log, warn: (_message: string, fields?: Record<string, unknown>) => warned.push(fields) }
  const janitor = reconcileJanitor({ ...parts, log, sendMails: async () => false, sweep: async () => undefined })
  await janitor("resync")
  expect(await connection.db.select().from(wakes)).toMatchObject([{ kind: "app", key: app.id, version: 1 }])
  await janitor("resync")
  expect(await connection.db.select().from(wakes)).toMatchObject([{ kind: "app", key: app.id, version: 1 }])
  expect(warned).toEqual([{ count: 1, keys: [app.id] }])
})
