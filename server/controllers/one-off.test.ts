import { and, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps, logLines, oneOffs, rollouts, wakes } from "@/db/schema"
import type { App } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { addOneOff, cancelOneOff, runOneOff } from "@/server/one-offs"
import { testDatabase } from "@/server/testing/database"
import { aDeploy } from "@/server/testing/deploys"
import { PacedBuilder, PacedCluster, RecordingEdge } from "@/server/testing/doubles"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { reconcileJanitor } from "./janitor"
import { type OneOffDeps, reconcileOneOff } from "./one-off"
import { tearDown } from "./teardown"

let connection: Connection
let deps: OneOffDeps & { cluster: PacedCluster }
let owner: Ctx & { userId: string; email: string }
let app: App
let release: Awaited<ReturnType<typeof aDeploy>>
let isCollected = true

beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  isCollected = true
  deps = { ...testParts(connection), cluster: new PacedCluster(), isCollected: async () => isCollected }
  owner = await aPerson(deps)
  app = await anApp(owner)
  release = await aDeploy(owner, app)
})

const run = async (...command: string[]) => (await runOneOff(owner, { app: app.name, command, timeLimitSeconds: 7200 })).id
const cancel = (id: string) => cancelOneOff(owner, { app: app.name, oneOff: id })
const look = (id: string) => reconcileOneOff(deps)(id)
const row = async (id: string) => (await connection.db.select().from(oneOffs).where(eq(oneOffs.id, id)))[0]
const said = async () =>
  (await connection.db.select().from(logLines).where(eq(logLines.appId, app.id)).orderBy(logLines.id)).map(({ text }) => text)
const running = async (...command: string[]) => {
  const id = await run(...(command.length > 0 ? command : ["sleep", "600"]))
  await look(id)
  return id
}

it("runs a command with the release's image and config, of the size that was asked for, and says so", async () => {
  const id = await running("echo", "a b")
  expect(deps.cluster.oneOffs).toMatchObject([
    {
      ...{ id, app: { id: app.id, name: app.name, number: app.number }, stack: "debian-13", command: ["echo", "a b"], size: 0.5 },
      ...{
        timeLimitSeconds: 7200,
        env: { APP_NAME: app.name, PHIAL_RELEASE: String(release.version), SOURCE_VERSION: release.slug.commit },
      },
    },
  ])
  expect(deps.cluster.oneOffs[0]?.env).not.toHaveProperty("HOST_INDEX")
  expect(await row(id)).toMatchObject({ state: "running", startedAt: expect.any(Date) })
  deps.cluster.oneOffEnds(id, 0)
  await look(id)
  expect(await row(id)).toMatchObject({ state: "succeeded", exitCode: 0, reason: null, endedAt: expect.any(Date) })
  expect(await said()).toEqual([`${id} runs in v${release.version}: echo 'a b'`, `${id}: It succeeded.`])
})

it.each([
  { code: 3, reason: "exit", says: "It ended with exit code 3: its last lines say why.", exitCode: 3 },
  {
    code: 137,
    reason: "out_of_memory",
    says: "It needed more memory than its size 0.5 allows (500 MB): run it with a larger size.",
    exitCode: 137,
  },
  {
    code: 137,
    reason: "out_of_time",
    says: "It took longer than its time limit of 2 hours and was ended: run it with a longer one.",
    exitCode: 137,
  },
  {
    code: 137,
    reason: "lost",
    says: "The machine or its apps were restarted while it ran: look at its output before you run it again.",
    exitCode: null,
  },
] as const)("says in one sentence why it failed: $reason", async ({ code, reason, says, exitCode }) => {
  const id = await running()
  deps.cluster.oneOffEnds(id, code, reason)
  await look(id)
  expect(await row(id)).toMatchObject({ state: "failed", exitCode, reason: says })
})

it("goes on where a killed controller stopped, and runs a command once at most", async () => {
  const id = await run("true")
  // Killed before the container was made: nothing has happened. Killed after it, and before the row was written: it is there.
  await deps.cluster.runOneOff({ ...order(), id })
  await look(id)
  await look(id)
  expect(deps.cluster.oneOffs).toHaveLength(1)
  deps.cluster.oneOffWorlds.delete(id)
  await look(id)
  await look(id)
  expect(deps.cluster.oneOffs).toHaveLength(1)
  expect(await row(id)).toMatchObject({ state: "failed", exitCode: null, reason: expect.stringContaining("look at its output") })
})

const order = () => ({ app, id: "", stack: "debian-13", env: {}, command: ["true"], size: 1, timeLimitSeconds: 1 })

describe("that is cancelled", () => {
  it("never begins when it had not", async () => {
    const id = await run("true")
    await cancel(id)
    await look(id)
    expect(deps.cluster.oneOffs).toEqual([])
    expect(await row(id)).toMatchObject({ state: "cancelled", exitCode: null, reason: `Cancelled by ${owner.email}.`, startedAt: null })
  })

  it("ends, and no other does", async () => {
    const [id, other] = [await running(), await running()]
    await cancel(id)
    await look(id)
    await look(id)
    await look(other)
    expect(await row(id)).toMatchObject({ state: "cancelled", exitCode: 143, reason: `Cancelled by ${owner.email}.` })
    expect(await row(other)).toMatchObject({ state: "running" })
  })

  it("has ended by itself when it was faster", async () => {
    const id = await running()
    deps.cluster.oneOffWorlds.set(id, { state: "ended", startedAt: new Date(0), code: 0, reason: "exit", at: new Date(1000) })
    await cancel(id)
    await look(id)
    expect(await row(id)).toMatchObject({ state: "succeeded", exitCode: 0, reason: null })
  })
})

it("keeps the container until what it printed is stored, and not for ever", async () => {
  const id = await running()
  deps.cluster.oneOffEnds(id, 0)
  await look(id)
  isCollected = false
  expect(await look(id)).toEqual({ againInSeconds: expect.any(Number) })
  expect(deps.cluster.oneOffWorlds.has(id)).toBe(true)
  isCollected = true
  expect(await look(id)).toBe("done")
  expect(deps.cluster.oneOffWorlds.has(id)).toBe(false)
  const old = await running()
  deps.cluster.oneOffEnds(old, 0)
  await look(old)
  isCollected = false
  await connection.db
    .update(oneOffs)
    .set({ endedAt: new Date(Date.now() - 2 * 3_600_000) })
    .where(eq(oneOffs.id, old))
  expect(await look(old)).toBe("done")
  expect(deps.cluster.oneOffWorlds.has(old)).toBe(false)
})

it("wakes the app whose rollout waits for it", async () => {
  const [rollout] = await connection.db.select().from(rollouts).where(eq(rollouts.appId, app.id))
  const what = { releaseId: release.id, rolloutId: rollout?.id ?? "", command: ["true"], size: 1, timeLimitSeconds: 60 }
  const { id } = await owner.tx((tx) => addOneOff(tx, owner, app, { kind: "release_command", ...what }))
  await look(id)
  const isAwake = and(eq(wakes.kind, "app"), eq(wakes.key, app.id))
  await connection.db.delete(wakes).where(isAwake)
  deps.cluster.oneOffEnds(id, 1)
  await look(id)
  expect(await connection.db.select().from(wakes).where(isAwake)).toHaveLength(1)
})

it("forgets one that is gone with its app", async () => {
  expect(await look("gone-run-abc123")).toBe("done")
})

it("ends with its app, before the app's world is taken down", async () => {
  const [waiting, begun] = [await run("true"), await running()]
  const deleted = { ...app, deletedAt: new Date() }
  const away = { builder: new PacedBuilder(), edge: new RecordingEdge(), repositories: { remove: async () => undefined } }
  const slugStore = { remove: async () => undefined } as unknown as Parameters<typeof tearDown>[0]["slugStore"]
  const down = () => tearDown({ ...deps, ...away, slugStore }, deleted)
  await down()
  expect(deps.cluster.removed).toEqual([])
  for (const id of [waiting, begun, begun]) await look(id)
  for (const id of [waiting, begun]) expect(await row(id)).toMatchObject({ state: "cancelled", reason: "The app was deleted." })
  expect(await down()).toBe("done")
  expect(deps.cluster.removed).toEqual([app.id])
  expect(await connection.db.select().from(apps).where(eq(apps.id, app.id))).toEqual([])
  expect(await row(begun)).toBeUndefined()
})

it("is looked after when its wake-up was lost, and forgotten when it is old and one of many", async () => {
  const janitor = reconcileJanitor({ ...deps, sendMails: async () => false, sweep: async () => undefined })
  const open = await run("true")
  await connection.db.delete(wakes)
  await janitor("resync")
  expect(await connection.db.select().from(wakes).where(eq(wakes.key, open))).toMatchObject([{ kind: "one_off" }])
  const at = (hours: number) => new Date(Date.now() - hours * 3_600_000)
  const ended = (id: string, hours: number) => ({
    ...{ id, appId: app.id, kind: "command" as const, releaseId: release.id, command: ["true"], size: 1, timeLimitSeconds: 1 },
    ...{ state: "succeeded" as const, createdAt: at(hours), endedAt: at(hours) },
  })
  await connection.db
    .insert(oneOffs)
    .values([...Array.from({ length: 99 }, (_, index) => ended(`new-${index}`, 1)), ended("old", 30), ended("older", 48)])
  await janitor("prune")
  const kept = (await connection.db.select().from(oneOffs).where(eq(oneOffs.appId, app.id))).map(({ id }) => id)
  expect(kept).toHaveLength(100)
  expect(kept).toContain(open)
})
