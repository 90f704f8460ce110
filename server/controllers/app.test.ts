import { asc, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps, releases, replicas, rollouts, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import { addressesOf } from "@/server/apps"
import type { Ctx } from "@/server/kernel/context"
import { readEnv } from "@/server/kernel/env"
import { addRelease, startRollout } from "@/server/releases"
import { testDatabase } from "@/server/testing/database"
import { PacedBuilder, PacedCluster, RecordingEdge } from "@/server/testing/doubles"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { type AppDeps, reconcileApp } from "./app"

let connection: Connection
let deps: AppDeps & { cluster: PacedCluster; edge: RecordingEdge }
let owner: Ctx & { userId: string }
let app: App
const forgotten: string[] = []

beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  const slugStore = {
    put: never,
    open: never,
    signedUrl: never,
    verify: () => undefined,
    remove: async (sha: string) => void forgotten.push(sha),
  }
  const repositories = { remove: async (id: string) => void forgotten.push(id) }
  deps = {
    ...testParts(connection),
    cluster: new PacedCluster(),
    edge: new RecordingEdge(),
    builder: new PacedBuilder(),
    slugStore,
    repositories,
    addressesOf: (app) => addressesOf(readEnv({ PHIAL_HOME: "/nowhere" }), app),
  }
  owner = await aPerson(deps)
  app = await anApp(owner, { replicas: 1 })
})

async function never(): Promise<never> {
  throw new Error("not expected")
}

const look = () => reconcileApp(deps)(app.id)
const state = () => deps.edge.routes.get(app.id)?.state
const all = () => connection.db.select().from(rollouts).where(eq(rollouts.appId, app.id)).orderBy(asc(rollouts.createdAt))

async function deploy(): Promise<string> {
  const meta = {
    mode: "release" as const,
    releaseName: "a",
    version: "1",
    erlang: "27",
    elixir: "1.18",
    erts: "15",
    processTypes: { web: "x" },
    buildpacks: [],
  }
  return owner.tx(async (tx) => {
    const [slug] = await tx
      .insert(slugs)
      .values({ appId: app.id, sha256: app.id.replaceAll("-", ""), sizeBytes: 1, stack: "debian-13", commit: "c0ffee", meta })
      .returning()
    const release = await addRelease(tx, owner, app, { kind: "deploy", summary: "Deploy", ...(slug ? { slugId: slug.id } : {}) })
    await startRollout(tx, owner, app, { kind: "deploy", releaseId: release.id })
    return release.id
  })
}

async function deployed(): Promise<string> {
  const release = await deploy()
  await look()
  deps.cluster.becomes("settling")
  await look()
  deps.cluster.becomes("settled")
  await look()
  return release
}

it("shows the page that says how to push until something was live", async () => {
  await look()
  expect(state()).toBe("no_release")
  await deploy()
  await look()
  expect(state()).toBe("no_release")
})

it("follows a rollout through its named steps to settled, with the time of each", async () => {
  await deployed()
  const [rollout] = await all()
  expect(rollout).toMatchObject({ state: "settled", liveAt: expect.any(Date), endedAt: expect.any(Date) })
  expect(rollout?.steps.map((step) => step.name)).toEqual(["starting", "shifting", "settling", "settled"])
  expect(rollout?.steps.every((step) => step.endedAt !== null)).toBe(true)
  expect(state()).toBe("serving")
})

it("goes back to the last good release when the new one crashes after it took the traffic, and says why", async () => {
  const good = await deployed()
  await deploy()
  await look()
  deps.cluster.becomes("settling")
  await look()
  const at = new Date(Date.now() + 1000).toISOString()
  deps.cluster.becomes("settling", { state: "waiting", traffic: "none", lastExit: { code: 1, reason: "crash", at } })
  await look()
  await look()
  expect(deps.cluster.wishes.at(-1)?.target?.releaseId).toBe(good)
  deps.cluster.becomes("draining")
  await look()
  expect((await all()).at(-1)).toMatchObject({ state: "failed", reason: expect.stringContaining("exit code 1") })
  await look()
  expect(deps.cluster.wishes.at(-1)?.target?.releaseId).toBe(good)
})

it("rolls one change at a time and only the newest that waits", async () => {
  await deploy()
  await look()
  await deploy()
  const newest = await deploy()
  await look()
  expect((await all()).map((rollout) => rollout.state)).toEqual(["starting", "superseded", "waiting"])
  deps.cluster.becomes("settled")
  await look()
  await look()
  await look()
  expect(deps.cluster.wishes.at(-1)?.target?.releaseId).toBe(newest)
})

it("keeps those that run when only their number changes, and shows the page of an app scaled to zero", async () => {
  const release = await deployed()
  await connection.db.update(apps).set({ replicas: 0 }).where(eq(apps.id, app.id))
  await owner.tx((tx) => startRollout(tx, owner, app, { kind: "scale", releaseId: release, keepsGeneration: true }))
  await look()
  expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: null, replicas: 0 })
  expect(state()).toBe("serving")
  deps.cluster.replicas = []
  deps.cluster.phase = "settled"
  await look()
  expect(state()).toBe("scaled_to_zero")
  const [first, second] = await all()
  expect(second?.generation).toBe(first?.generation)
})

it("makes more of the release that runs, though a newer config waits for the next deploy", async () => {
  const release = await deployed()
  await owner.tx((tx) => addRelease(tx, owner, app, { kind: "config", summary: "Set without a restart" }))
  await connection.db.update(apps).set({ replicas: 2 }).where(eq(apps.id, app.id))
  const newest = (await connection.db.select().from(releases).where(eq(releases.appId, app.id)).orderBy(asc(releases.version))).at(-1)
  await owner.tx((tx) => startRollout(tx, owner, app, { kind: "scale", releaseId: newest?.id ?? "", keepsGeneration: true }))
  await look()
  expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: { releaseId: release }, replicas: 2 })
})

it("records what it saw, and what is gone", async () => {
  await deployed()
  expect(await connection.db.select().from(replicas).where(eq(replicas.appId, app.id))).toMatchObject([{ state: "healthy", endedAt: null }])
  deps.cluster.replicas = []
  await look()
  expect(await connection.db.select().from(replicas).where(eq(replicas.appId, app.id))).toMatchObject([
    { state: "exited", endedAt: expect.any(Date) },
  ])
})

it("takes a deleted app's world down and forgets it", async () => {
  await deployed()
  await connection.db.update(apps).set({ deletedAt: new Date() }).where(eq(apps.id, app.id))
  expect(await look()).toBe("done")
  expect(deps.cluster.removed).toEqual([app.id])
  expect(state()).toBeUndefined()
  expect(forgotten).toEqual([app.id, app.id.replaceAll("-", "")])
  expect(await connection.db.select().from(apps).where(eq(apps.id, app.id))).toEqual([])
  expect(await connection.db.select().from(releases).where(eq(releases.appId, app.id))).toEqual([])
})
