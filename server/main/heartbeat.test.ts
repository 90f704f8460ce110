import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import type { Connection } from "@/db/client"
import { platformFacts } from "@/db/schema"
import { testDatabase } from "@/server/testing/database"
import { heartbeat, partsSeen } from "./heartbeat"

let connection: Connection
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())

describe("heartbeat", () => {
  it("shows a part as alive from its first beat", async () => {
    const stop = heartbeat(connection.db, "controller")
    await vi.waitFor(async () =>
      expect(await partsSeen(connection.db)).toContainEqual(
        expect.objectContaining({ part: "controller", pid: process.pid, isAlive: true, at: expect.any(Date) }),
      ),
    )
    stop()
  })

  it("shows a part that was not seen for a minute as dead", async () => {
    const updatedAt = new Date(Date.now() - 60_000)
    await connection.db.insert(platformFacts).values({ key: "part:logger", value: { pid: 1, at: updatedAt.toISOString() }, updatedAt })
    expect(await partsSeen(connection.db)).toContainEqual(expect.objectContaining({ part: "logger", isAlive: false }))
  })
})
