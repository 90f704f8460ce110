import { eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { logLines, oneOffs } from "@/db/schema"
import { outputView } from "@/server/logs/views"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { cancelOneOff, runOneOff } from "./index"
import { MAX_AT_ONCE } from "./limits"
import { oneOffsView, oneOffView } from "./views"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
let app: string
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
  app = cast.app.name
})

const run = async (...command: string[]) => (await runOneOff(cast.owner, { app, command })).id

it("says what the next one runs in, and whether there is room for it", async () => {
  expect(await oneOffsView(cast.viewer, app)).toMatchObject({ role: "viewer", release: null, isFull: false, oneOffs: [] })
  const { version } = await aDeploy(cast.owner, cast.app)
  for (let number = 0; number < MAX_AT_ONCE; number++) await run("echo", String(number))
  const view = await oneOffsView(cast.owner, app)
  expect(view).toMatchObject({ release: { version, mode: "release", releaseName: "hello" }, isFull: true, size: cast.app.size })
  expect(view.oneOffs.map(({ line }) => line)).toContain("echo 7")
  await connection.db
    .update(oneOffs)
    .set({ state: "succeeded", endedAt: new Date() })
    .where(eq(oneOffs.id, view.oneOffs[0]?.id ?? ""))
  expect((await oneOffsView(cast.owner, app)).isFull).toBe(false)
})

it("says that one is being cancelled, and why only when it is", async () => {
  await aDeploy(cast.owner, cast.app)
  const id = await run("sleep", "600")
  await cancelOneOff(cast.owner, { app, oneOff: id })
  expect(await oneOffView(cast.viewer, app, id)).toMatchObject({ isCancelling: true, reason: null, by: cast.owner.email })
  await connection.db.update(oneOffs).set({ state: "cancelled", endedAt: new Date() }).where(eq(oneOffs.id, id))
  expect(await oneOffView(cast.viewer, app, id)).toMatchObject({ isCancelling: false, reason: `Cancelled by ${cast.owner.email}.` })
})

it("shows the lines of one, and no other's", async () => {
  await aDeploy(cast.owner, cast.app)
  const [id, other] = [await run("echo"), await run("echo")]
  const line = (replica: string, text: string, at = new Date()) => ({ appId: cast.app.id, at, source: "app" as const, replica, text })
  const lines = [line(id, "one"), line(other, "not this"), line("", "nor this"), line(id, "two")]
  await connection.db.insert(logLines).values(lines)
  const { lines: seen } = await outputView(cast.viewer, app, id, 0)
  expect(seen.map(({ text }) => text)).toEqual(["one", "two"])
  expect((await outputView(cast.viewer, app, id, seen[0]?.id ?? 0)).lines.map(({ text }) => text)).toEqual(["two"])
  await connection.db.update(oneOffs).set({ state: "succeeded", endedAt: new Date() }).where(eq(oneOffs.id, id))
  expect((await outputView(cast.viewer, app, id, 0)).lines).toHaveLength(2)
})

it("finds neither for a stranger, nor in another app", async () => {
  await aDeploy(cast.owner, cast.app)
  const id = await run("true")
  const other = await anAppWithPeople(testParts(connection))
  await expect(oneOffsView(cast.stranger, app)).rejects.toMatchObject({ code: "not_found" })
  await expect(oneOffView(cast.stranger, app, id)).rejects.toMatchObject({ code: "not_found" })
  await expect(oneOffView(other.owner, other.app.name, id)).rejects.toMatchObject({ code: "not_found" })
})
