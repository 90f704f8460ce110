import { asc, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps, auditEntries, buildOutput, builds, type HotUpgrade, releases, rollouts } from "@/db/schema"
import type { App } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { addRelease } from "@/server/releases"
import { testDatabase } from "@/server/testing/database"
import { aDeploy } from "@/server/testing/deploys"
import { PacedBuilder } from "@/server/testing/doubles"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { type BuildDeps, reconcileBuild } from "./build"

let connection: Connection
let deps: BuildDeps & { builder: PacedBuilder }
let owner: Ctx & { userId: string }
let app: App
let number = 0

beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  await connection.db.delete(builds)
  const sources = { of: async () => ({ file: "/source.tar", submodules: [] }), remove: async () => undefined }
  deps = { ...testParts(connection), builder: new PacedBuilder(), sources, maxBuilds: 2 }
  owner = await aPerson(deps)
  app = await anApp(owner)
})

async function queued(of: App = app, over: Partial<typeof builds.$inferInsert> = {}): Promise<string> {
  const values = {
    ...over,
    appId: of.id,
    number: ++number,
    commit: "c0ffee1234567",
    branch: "main",
    message: "Say hello\n\nmore",
    userId: owner.userId,
  }
  const [build] = await connection.db.insert(builds).values(values).returning()
  return build?.id ?? ""
}

const look = (id: string) => reconcileBuild(deps)(id)
const row = async (id: string) => (await connection.db.select().from(builds).where(eq(builds.id, id)))[0]
const printed = async (id: string) =>
  connection.db.select().from(buildOutput).where(eq(buildOutput.buildId, id)).orderBy(asc(buildOutput.id))

async function running(of: App = app): Promise<string> {
  const id = await queued(of)
  await look(id)
  await look(id)
  return id
}

it("turns a build that ended well into a release, a rollout and an audit row, once", async () => {
  const id = await running()
  deps.builder.ends(id, 0)
  await look(id)
  await look(id)
  expect(await row(id)).toMatchObject({ state: "succeeded", reason: null })
  const made = await connection.db.select().from(releases).where(eq(releases.appId, app.id)).orderBy(asc(releases.version))
  expect(made.at(-1)).toMatchObject({ version: 3, kind: "deploy", summary: "Deploy c0ffee1: Say hello", userId: owner.userId })
  expect(await connection.db.select().from(rollouts).where(eq(rollouts.appId, app.id))).toMatchObject([{ state: "waiting", replicas: 1 }])
  expect(await connection.db.select().from(auditEntries).where(eq(auditEntries.appId, app.id))).toMatchObject([
    { action: "release.created", via: "git" },
  ])
  expect((await connection.db.select().from(apps).where(eq(apps.id, app.id)))[0]?.replicas).toBe(1)
})

it("stores what is printed once, by phase, whatever is asked twice", async () => {
  const id = await running()
  deps.builder.printed.set(id, [
    "\u001b]phial;phase;elixir\u0007",
    "-----> Compiling",
    "\u001b]phial;phase;releases\u0007",
    "-----> Releasing",
  ])
  await look(id)
  await look(id)
  expect((await printed(id)).map(({ phase, text }) => [phase, text])).toEqual([
    ["elixir", "-----> Compiling"],
    ["releases", "-----> Releasing"],
  ])
  expect((await row(id))?.phases).toMatchObject([
    { name: "elixir", endedAt: expect.any(String) },
    { name: "releases", endedAt: null },
  ])
})

it("says why a build failed, and releases nothing", async () => {
  for (const [code, reason, words] of [
    [1, "exit", "exit code 1"],
    [137, "out_of_memory", "memory"],
    [137, "out_of_time", "longer"],
  ] as const) {
    const id = await running()
    deps.builder.ends(id, code, reason)
    await look(id)
    await look(id)
    expect(await row(id)).toMatchObject({ state: "failed", reason: expect.stringContaining(words) })
    expect((await printed(id)).at(-1)?.text).toContain(words)
  }
  expect(await connection.db.select().from(rollouts).where(eq(rollouts.appId, app.id))).toEqual([])
})

it("takes the build's own last word for the reason, and does not say it twice", async () => {
  const id = await running()
  deps.builder.printed.set(id, ["== Compilation error ==", "\u001b[31m !     The project does not compile: see above.\u001b[0m"])
  await look(id)
  deps.builder.ends(id, 1)
  await look(id)
  expect(await row(id)).toMatchObject({ state: "failed", reason: "The project does not compile: see above." })
  expect(await printed(id)).toHaveLength(2)
})

it("ends exactly the cancelled build", async () => {
  const [id, other] = [await running(), await running(await anApp(owner))]
  await connection.db.update(builds).set({ cancelRequestedAt: new Date() }).where(eq(builds.id, id))
  await look(id)
  await look(id)
  expect(await row(id)).toMatchObject({ state: "cancelled" })
  expect(await row(other)).toMatchObject({ state: "building" })
})

it("builds one push of an app at a time, in order, and other apps beside it up to the limit", async () => {
  const [first, second] = [await running(), await queued()]
  await look(second)
  expect(await row(second)).toMatchObject({ state: "queued" })
  const beside = await running(await anApp(owner))
  expect(await row(beside)).toMatchObject({ state: "building" })
  const tooMany = await queued(await anApp(owner))
  await look(tooMany)
  expect(await row(tooMany)).toMatchObject({ state: "queued" })
  deps.builder.ends(first, 1)
  await look(first)
  await look(first)
  await look(second)
  expect(await row(second)).toMatchObject({ state: "building" })
})

it("runs a build again once when the machine was restarted, in a new container", async () => {
  const id = await running()
  deps.builder.worlds.set(id, { state: "lost" })
  await look(id)
  expect(deps.builder.orders).toHaveLength(2)
  expect(await deps.builder.observe(id)).toEqual({ state: "running" })
  deps.builder.ends(id, 0)
  await look(id)
  expect(await row(id)).toMatchObject({ state: "succeeded", attempts: 2 })
})

it("runs a build again once when its container vanished, then gives up with a sentence", async () => {
  const id = await running()
  await deps.builder.remove(id)
  await look(id)
  expect(deps.builder.orders).toHaveLength(2)
  await deps.builder.remove(id)
  await look(id)
  expect(await row(id)).toMatchObject({ state: "failed", reason: expect.stringContaining("vanished") })
})

it("waits for a machinery that is away, for as long as that takes", async () => {
  const id = await queued()
  await look(id)
  deps.builder.isAway = true
  for (let time = 1; time <= 3; time++) await expect(look(id)).rejects.toMatchObject({ code: "unavailable" })
  deps.builder.isAway = false
  await look(id)
  expect(deps.builder.orders).toHaveLength(1)
  expect(await row(id)).toMatchObject({ state: "building", attempts: 1 })
})

describe("a build that was asked for a hot upgrade", () => {
  const isHot = { hotUpgrade: true }
  async function built(hotUpgrade: HotUpgrade): Promise<string> {
    const id = await queued(app, isHot)
    await look(id)
    await look(id)
    deps.builder.hotUpgrade = hotUpgrade
    deps.builder.ends(id, 0)
    await look(id)
    return id
  }
  const newest = async () =>
    (await connection.db.select().from(rollouts).where(eq(rollouts.appId, app.id)).orderBy(asc(rollouts.createdAt))).at(-1)

  it("gets the slug that runs, also when a newer release is not rolled out", async () => {
    await connection.db.update(apps).set({ replicas: 1 }).where(eq(apps.id, app.id))
    const { slug, version } = await aDeploy(owner, app)
    await owner.tx((tx) => addRelease(tx, owner, app, { kind: "config", summary: "Set without a restart" }))
    const id = await queued(app, isHot)
    await look(id)
    await look(id)
    const { sha256, stack, meta } = slug
    expect(deps.builder.orders.at(-1)?.hotUpgrade).toEqual({ from: { release: version, sha256, stack, meta } })
  })

  it("gets none before anything runs, and none that nobody asked for", async () => {
    const id = await queued(app, isHot)
    await look(id)
    await look(id)
    expect(deps.builder.orders.at(-1)?.hotUpgrade).toEqual({ from: null })
    await running(await anApp(owner))
    expect(deps.builder.orders.at(-1)?.hotUpgrade).toBeNull()
  })

  it("makes a hot rollout where it is possible, and else one that says why not", async () => {
    await built({ isPossible: true, from: "b".repeat(64), fromVersion: "1", toVersion: "2", instructions: [] })
    expect(await newest()).toMatchObject({ strategy: "hot", fallbackReason: null })
    await built({ isPossible: false, reason: "The version is the same." })
    expect(await newest()).toMatchObject({ strategy: "rolling", fallbackReason: "The version is the same." })
  })
})
