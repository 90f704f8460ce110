import { readFileSync } from "node:fs"
import { and, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps, builds, releases, replicas, rollouts, wakes } from "@/db/schema"
import type { App } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { refusalOf } from "@/server/kernel/refusal"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, aReplica, lastAudit } from "@/server/testing/deploys"
import { aPerson, testParts } from "@/server/testing/people"
import {
  appInfo,
  appsOf,
  changeSettings,
  createApp,
  deleteApp,
  isNameFree,
  killReplica,
  replicasOf,
  restartApp,
  restartReplica,
  scaleApp,
  setMaintenance,
  setStack,
} from "./index"
import { threeWords, whyNotName } from "./names"
import { STACKS } from "./stacks"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
})

const rowOf = async (id: string) => (await connection.db.select().from(apps).where(eq(apps.id, id)))[0]
const rolloutsOf = (app: App) => connection.db.select().from(rollouts).where(eq(rollouts.appId, app.id)).orderBy(rollouts.createdAt)
const isAwake = async (kind: "app" | "build", key: string) =>
  (
    await connection.db
      .select()
      .from(wakes)
      .where(and(eq(wakes.kind, kind), eq(wakes.key, key)))
  ).length === 1

/** The fields that a refusal names. */
async function refusedFields(work: Promise<unknown>): Promise<Record<string, string[]>> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  return refusalOf(thrown)?.fields ?? {}
}

const verbs: Array<{ verb: string; run: (ctx: Ctx, app: string) => Promise<unknown>; audit: string; onlyOwner?: true }> = [
  { verb: "scaleApp", run: (ctx, app) => scaleApp(ctx, { app, replicas: 3 }), audit: "app.scaled" },
  { verb: "restartApp", run: (ctx, app) => restartApp(ctx, { app }), audit: "app.restarted" },
  { verb: "setMaintenance", run: (ctx, app) => setMaintenance(ctx, { app, isEnabled: true }), audit: "app.maintenance_started" },
  { verb: "setStack", run: (ctx, app) => setStack(ctx, { app, stack: "debian-12" }), audit: "app.stack_changed" },
  { verb: "changeSettings", run: (ctx, app) => changeSettings(ctx, { app, check: { failures: 5 } }), audit: "app.settings_changed" },
  { verb: "killReplica", run: (ctx, app) => killReplica(ctx, { app, replica: `${app}-000001` }), audit: "replica.killed" },
  { verb: "restartReplica", run: (ctx, app) => restartReplica(ctx, { app, replica: `${app}-000001` }), audit: "replica.restarted" },
  { verb: "deleteApp", run: (ctx, app) => deleteApp(ctx, { app, confirm: app }), audit: "app.deleted", onlyOwner: true },
]

describe.each(verbs)("$verb", ({ run, audit, onlyOwner }) => {
  it("is allowed to whom the table says, wakes the app and leaves an audit row", async () => {
    const release = await aDeploy(cast.owner, cast.app)
    await aReplica(cast.owner, cast.app, release, { id: `${cast.app.name}-000001` })
    const who = onlyOwner ? cast.owner : cast.collaborator
    await run(who, cast.app.name)
    expect(await lastAudit(who, cast.app)).toMatchObject({ action: audit, actorName: who.email, appName: cast.app.name })
    expect(await isAwake("app", cast.app.id)).toBe(true)
  })

  it("does not find the app for a stranger, and is refused to a viewer", async () => {
    await expect(run(cast.stranger, cast.app.name)).rejects.toMatchObject({ code: "not_found" })
    await expect(run(cast.viewer, cast.app.name)).rejects.toMatchObject({ code: "forbidden" })
    if (onlyOwner) await expect(run(cast.collaborator, cast.app.name)).rejects.toMatchObject({ code: "forbidden" })
    expect(await rowOf(cast.app.id)).toEqual(cast.app)
  })
})

describe("createApp", () => {
  it("makes an app at v2 with nothing running, its secrets sealed", async () => {
    const person = await aPerson(testParts(connection))
    const { id, name } = await createApp(person, { name: " My-Shop " })
    expect(name).toBe("my-shop")
    const app = await rowOf(id)
    expect(app).toMatchObject({ name: "my-shop", ownerId: person.userId, replicas: 0, size: 0.5, stack: "debian-13" })
    expect(person.secrets.open(app?.secretKeyBase ?? "")?.reveal().length).toBeGreaterThanOrEqual(64)
    const made = await connection.db.select().from(releases).where(eq(releases.appId, id)).orderBy(releases.version)
    expect(made.map((release) => [release.version, release.slugId])).toEqual([
      [1, null],
      [2, null],
    ])
    expect(await lastAudit(person, { id })).toMatchObject({ action: "app.created" })
    expect(await isAwake("app", id)).toBe(true)
  })

  it("suggests three words where no name is given", async () => {
    const person = await aPerson(testParts(connection))
    expect((await createApp(person, {})).name).toMatch(/^[a-z]+-[a-z]+-[a-z]+$/)
  })

  it("says under the name why it cannot be taken", async () => {
    const person = await aPerson(testParts(connection))
    expect(await refusedFields(createApp(person, { name: cast.app.name.toUpperCase() }))).toEqual({ name: ["has already been taken."] })
    for (const name of ["ab", "1abc", "with_underscore", "ends-", "new", "x".repeat(41)]) {
      expect(await refusedFields(createApp(person, { name })), name).toHaveProperty("name")
    }
    expect(await isNameFree(person, "free-as-a-bird")).toEqual({ isFree: true, reason: null })
    expect(await isNameFree(person, cast.app.name)).toMatchObject({ isFree: false })
  })

  it("gives each of many made at once its own number, and the lowest free one again", async () => {
    const person = await aPerson(testParts(connection))
    const made = await Promise.all(Array.from({ length: 8 }, () => createApp(person, {})))
    const rows = await Promise.all(made.map(({ id }) => rowOf(id)))
    const numbers = rows.map((row) => row?.number ?? 0).sort((a, b) => a - b)
    expect(new Set(numbers).size).toBe(8)
    await connection.db.delete(apps).where(eq(apps.number, numbers[0] ?? 0))
    expect((await rowOf((await createApp(person, {})).id))?.number).toBe(numbers[0])
  })

  it("ends at a hundred apps an owner", async () => {
    const person = await aPerson(testParts(connection))
    const { appKeyHash, secretKeyBase, erlangCookie, appKey, settings } = cast.app
    const values = Array.from({ length: 100 }, (_, index) => ({
      ...{ appKeyHash, secretKeyBase, erlangCookie, appKey, settings },
      ...{ ownerId: person.userId, name: `one-of-many-${index}`, number: 3000 + index },
    }))
    await connection.db.insert(apps).values(values)
    await expect(createApp(person, {})).rejects.toMatchObject({ code: "invalid" })
  })
})

describe("scaleApp", () => {
  it("keeps what runs for more replicas, and replaces it for another size", async () => {
    const deployed = await aDeploy(cast.owner, cast.app)
    expect(await scaleApp(cast.owner, { app: cast.app.name, replicas: 3 })).toEqual({ replicas: 3, size: 0.5 })
    expect(await scaleApp(cast.owner, { app: cast.app.name, size: 1.2 })).toEqual({ replicas: 3, size: 1.2 })
    const [deploy, more, larger] = await rolloutsOf(cast.app)
    expect(more).toMatchObject({ kind: "scale", releaseId: deployed.id, generation: deploy?.generation, replicas: 3 })
    expect(larger).toMatchObject({ kind: "scale", size: 1.2, replicas: 3 })
    expect(larger?.generation).not.toBe(deploy?.generation)
  })

  it("is remembered before the first push, and starts nothing", async () => {
    await scaleApp(cast.owner, { app: cast.app.name, replicas: 2 })
    expect(await rowOf(cast.app.id)).toMatchObject({ replicas: 2 })
    expect(await rolloutsOf(cast.app)).toEqual([])
  })

  it("does nothing for what is already so", async () => {
    await aDeploy(cast.owner, cast.app)
    await scaleApp(cast.owner, { app: cast.app.name, replicas: cast.app.replicas, size: cast.app.size })
    expect(await rolloutsOf(cast.app)).toHaveLength(1)
  })

  it("names the field that is out of bounds", async () => {
    const app = cast.app.name
    expect(await refusedFields(scaleApp(cast.owner, { app, replicas: 17 }))).toEqual({ replicas: ["is at most 16."] })
    expect(await refusedFields(scaleApp(cast.owner, { app, replicas: -1 }))).toHaveProperty("replicas")
    expect(await refusedFields(scaleApp(cast.owner, { app, size: 0.1 }))).toEqual({ size: ["is at least 0.2."] })
    expect(await refusedFields(scaleApp(cast.owner, { app, size: 0.55 }))).toEqual({ size: ["goes in steps of 0.1."] })
    expect(await refusedFields(scaleApp(cast.owner, { app }))).toHaveProperty("replicas")
  })
})

describe("the rest", () => {
  it("cannot restart what was never deployed", async () => {
    await expect(restartApp(cast.owner, { app: cast.app.name })).rejects.toMatchObject({ code: "conflict" })
  })

  it("kills only replicas of this app that still run", async () => {
    const other = await anAppWithPeople(testParts(connection))
    const foreign = await aReplica(other.owner, other.app, await aDeploy(other.owner, other.app))
    const ended = await aReplica(cast.owner, cast.app, await aDeploy(cast.owner, cast.app), { endedAt: new Date() })
    for (const replica of [foreign.id, ended.id, "no-such-pod"]) {
      const refusal = { code: "not_found", message: `Pod ${replica} not found.` }
      await expect(killReplica(cast.owner, { app: cast.app.name, replica })).rejects.toMatchObject(refusal)
    }
    const [untouched] = await connection.db.select().from(replicas).where(eq(replicas.id, foreign.id))
    expect(untouched?.killRequestedAt).toBeNull()
  })

  it("restarts one replica by a rollout that keeps the others, once, and only while it is of this app and stays", async () => {
    const { app, owner } = cast
    const release = await aDeploy(owner, app)
    const [one, two] = [await aReplica(owner, app, release), await aReplica(owner, app, release, { index: 1, drainingAt: new Date() })]
    await restartReplica(owner, { app: app.name, replica: one.id })
    const [deploy, restart] = await rolloutsOf(app)
    expect(restart).toMatchObject({ kind: "restart", replaces: one.id, generation: deploy?.generation, releaseId: release.id })
    await expect(restartReplica(owner, { app: app.name, replica: two.id })).rejects.toMatchObject({ code: "conflict" })
    await expect(restartReplica(owner, { app: app.name, replica: "no-such-pod" })).rejects.toMatchObject({ code: "not_found" })
    await restartApp(owner, { app: app.name })
    expect((await rolloutsOf(app)).at(-1)).toMatchObject({ replaces: null })
  })

  it("deletes only with the name typed, and then nobody finds the app, whose name stays taken", async () => {
    const commit = "a".repeat(40)
    const [build] = await connection.db.insert(builds).values({ appId: cast.app.id, number: 1, commit, branch: "main" }).returning()
    expect(await refusedFields(deleteApp(cast.owner, { app: cast.app.name, confirm: "other" }))).toHaveProperty("confirm")
    await deleteApp(cast.owner, { app: cast.app.name, confirm: cast.app.name })
    await expect(appInfo(cast.owner, cast.app.name)).rejects.toMatchObject({ code: "not_found" })
    expect(await refusedFields(createApp(cast.stranger, { name: cast.app.name }))).toHaveProperty("name")
    expect(await isAwake("build", build?.id ?? "")).toBe(true)
  })

  it("changes only the settings that are given, within their bounds", async () => {
    const app = cast.app.name
    const settings = await changeSettings(cast.owner, { app, check: { kind: "http", path: "/health" }, rollout: { drainSeconds: 5 } })
    expect(settings).toEqual({
      check: { ...cast.app.settings.check, kind: "http", path: "/health" },
      rollout: { ...cast.app.settings.rollout, drainSeconds: 5 },
      releaseCommand: cast.app.settings.releaseCommand,
    })
    expect(await refusedFields(changeSettings(cast.owner, { app, check: { path: "health" } }))).toHaveProperty(["check.path"])
    expect(await refusedFields(changeSettings(cast.owner, { app, check: { intervalSeconds: 0 } }))).toHaveProperty([
      "check.intervalSeconds",
    ])
  })
})

describe("what one sees", () => {
  it("is one's own apps and those shared with one, and no secret of them", async () => {
    await aReplica(cast.owner, cast.app, await aDeploy(cast.owner, cast.app))
    await connection.db.update(apps).set({ replicas: 1 }).where(eq(apps.id, cast.app.id))
    const [seen, ...others] = await appsOf(cast.viewer)
    expect(others).toEqual([])
    expect(seen).toMatchObject({ name: cast.app.name, role: "viewer", owner: cast.owner.email, running: 1, release: { version: 3 } })
    expect(seen?.status).toEqual({ state: "healthy", sentence: "v3 serves on 1 replica." })
    expect(JSON.stringify(seen)).not.toContain(cast.app.appKey)
    expect(await appsOf(cast.stranger)).toEqual([])
    expect(await appInfo(cast.collaborator, cast.app.name)).toMatchObject({ role: "collaborator", rollout: { state: "settled" } })
    await expect(appInfo(cast.stranger, cast.app.name)).rejects.toBeInstanceOf(AppError)
  })

  it("tells each replica's release, node and last exit", async () => {
    const release = await aDeploy(cast.owner, cast.app)
    const lastExit = { code: 137, reason: "out_of_memory" as const, at: new Date().toISOString() }
    await aReplica(cast.owner, cast.app, release, { restarts: 1, lastExit })
    expect(await replicasOf(cast.viewer, cast.app.name)).toMatchObject([
      { version: 3, commit: release.slug.commit, node: `${cast.app.name}@10.0.0.2`, lastExit, isKillRequested: false },
    ])
  })
})

it("suggests only names that can be taken", () => {
  for (let turn = 0; turn < 500; turn++) expect(whyNotName(threeWords())).toBeNull()
})

it("offers the stacks that are defined, the default first", () => {
  const { default: first, stacks } = JSON.parse(readFileSync("stack/stacks.json", "utf8")) as { default: string; stacks: object }
  expect([...STACKS].sort()).toEqual(Object.keys(stacks).sort())
  expect(STACKS[0]).toBe(first)
})
