import { asc, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps, type HotUpgrade, logLines, oneOffs, releases, replicas, rollouts, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import { addressesOf } from "@/server/apps"
import { defaultSettings } from "@/server/apps/settings"
import { readEnv } from "@/server/kernel/env"
import { addRelease, cancelRollout, startRollout } from "@/server/releases"
import { testDatabase } from "@/server/testing/database"
import { PacedBuilder, PacedCluster, RecordingEdge } from "@/server/testing/doubles"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { type AppDeps, reconcileApp } from "./app"

let connection: Connection
let deps: AppDeps & { cluster: PacedCluster; edge: RecordingEdge }
let owner: Awaited<ReturnType<typeof aPerson>>
let app: App
const forgotten: string[] = []
let isCollected = true

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
    isCollected: async () => isCollected,
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

async function deploy(hotUpgrade?: HotUpgrade): Promise<string> {
  const meta = {
    ...(hotUpgrade ? { hotUpgrade } : {}),
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
    await startRollout(tx, owner, app, { kind: "deploy", releaseId: release.id, hotUpgrade })
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
  expect(rollout?.steps.map((step) => step.name)).toEqual(["waiting", "starting", "shifting", "settling", "settled"])
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
  deps.cluster.becomes("starting")
  await look()
  expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: { releaseId: good }, former: null })
  deps.cluster.becomes("draining")
  await look()
  expect((await all()).at(-1)).toMatchObject({ state: "reverted", reason: expect.stringContaining("exit code 1") })
  await look()
  expect(deps.cluster.wishes.at(-1)?.target?.releaseId).toBe(good)
})

it("keeps what ran before beside the new generation until that has settled", async () => {
  const good = await deployed()
  await deploy()
  await look()
  expect(deps.cluster.wishes.at(-1)?.former).toMatchObject({ generation: { releaseId: good }, replicas: 1 })
  deps.cluster.becomes("settling")
  await look()
  expect(deps.cluster.wishes.at(-1)?.former).not.toBeNull()
  deps.cluster.becomes("draining", { drainingAt: new Date() })
  await look()
  await look()
  expect((await all()).at(-1)?.state).toBe("draining")
  expect(deps.cluster.wishes.at(-1)?.former).toBeNull()
})

it("waits a moment for the last lines of who crashed, which say why", async () => {
  await deploy()
  await look()
  deps.cluster.becomes("settling")
  await look()
  const at = new Date(Date.now() + 1000)
  const crash = { lastExit: { code: 1, reason: "crash", at: at.toISOString() }, retryAt: at } as const
  deps.cluster.becomes("starting", { ...crash, state: "waiting", traffic: "none" })
  isCollected = false
  expect(await look()).toEqual({ againInSeconds: 0.1 })
  expect((await all()).at(-1)?.state).toBe("settling")
  isCollected = true
  await look()
  expect((await all()).at(-1)?.state).toBe("reverting")
})

it("fails a first deploy that crashes, and runs nothing", async () => {
  await deploy()
  await look()
  deps.cluster.becomes("checking", {
    ...{ state: "waiting", traffic: "none", healthyAt: null, restarts: 2 },
    lastExit: { code: 1, reason: "crash", at: new Date().toISOString() },
  })
  await look()
  deps.cluster.becomes("settled")
  await look()
  expect((await all()).at(-1)).toMatchObject({ state: "failed", endedAt: expect.any(Date) })
  deps.cluster.replicas = []
  await look()
  // Not the page that waits for the first push: the one that says where to look.
  expect(state()).toBe("serving")
  expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: null, replicas: 0 })
})

async function scale(replicas: number): Promise<void> {
  await connection.db.update(apps).set({ replicas }).where(eq(apps.id, app.id))
  const release = (await connection.db.select().from(releases).where(eq(releases.appId, app.id)).orderBy(asc(releases.version))).at(-1)
  await owner.tx((tx) => startRollout(tx, owner, app, { kind: "scale", releaseId: release?.id ?? "", keepsGeneration: true }))
}
const wished = async () => (await connection.db.select().from(apps).where(eq(apps.id, app.id)))[0]?.replicas

it("says again how many run when a scale is taken back, unless a newer wish waits", async () => {
  await deployed()
  await scale(3)
  await look()
  await scale(2)
  const crash = { lastExit: { code: 1, reason: "crash", at: new Date().toISOString() }, restarts: 2 } as const
  deps.cluster.becomes("checking", { state: "waiting", traffic: "none", startedAt: new Date(Date.now() + 60_000), ...crash })
  await look()
  expect(await wished()).toBe(2)
  deps.cluster.becomes("settled")
  await look()
  expect((await all()).map((rollout) => rollout.state)).toEqual(["settled", "reverted", "waiting"])
  deps.cluster.becomes("starting")
  await look()
  deps.cluster.becomes("checking", { state: "waiting", traffic: "none", startedAt: new Date(Date.now() + 60_000), ...crash })
  await look()
  expect(await wished()).toBe(1)
})

it("scales what runs when the deploy that a scale waited for is taken back", async () => {
  const good = await deployed()
  await deploy()
  await look()
  await scale(2)
  await cancelRollout(owner, { app: app.name })
  await look()
  deps.cluster.becomes("settled")
  await look()
  expect((await all()).map((rollout) => rollout.state)).toEqual(["settled", "cancelled", "waiting"])
  await look()
  expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: { releaseId: good, id: (await all())[0]?.generation }, replicas: 2 })
})

describe("a cancelled rollout", () => {
  it("goes back, whether it starts or settles, and says who wished it", async () => {
    const good = await deployed()
    for (const phase of ["starting", "settling"] as const) {
      await deploy()
      await look()
      deps.cluster.becomes(phase)
      await look()
      await cancelRollout(owner, { app: app.name })
      expect(await look()).toEqual({ againInSeconds: 0 })
      deps.cluster.becomes("starting")
      await look()
      expect(deps.cluster.wishes.at(-1)?.target?.releaseId).toBe(good)
      expect((await all()).at(-1)?.state).toBe("reverting")
      deps.cluster.becomes("settled")
      await look()
      expect((await all()).at(-1)).toMatchObject({ state: "cancelled", reason: `Cancelled by ${owner.email}.`, endedAt: expect.any(Date) })
    }
  })

  it("starts nothing when it waited", async () => {
    await deploy()
    await cancelRollout(owner, { app: app.name })
    await look()
    expect((await all()).map((rollout) => rollout.state)).toEqual(["cancelled"])
    expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: null })
  })
})

describe("a release command", () => {
  const command = { command: "bin/app eval Migrate", timeLimitSeconds: 60 }
  beforeEach(async () => {
    await connection.db
      .update(apps)
      .set({ settings: { ...defaultSettings, releaseCommand: command } })
      .where(eq(apps.id, app.id))
  })
  const mine = async () => {
    const found = await connection.db.select().from(oneOffs).where(eq(oneOffs.appId, app.id)).orderBy(asc(oneOffs.createdAt))
    return found.at(-1)
  }
  async function ends(state: "succeeded" | "failed" | "cancelled", reason: string | null = null): Promise<void> {
    const id = (await mine())?.id ?? ""
    await connection.db.update(oneOffs).set({ state, reason, endedAt: new Date() }).where(eq(oneOffs.id, id))
  }

  it("runs once before anything is started, and the rollout goes on when it succeeded", async () => {
    const release = await deploy()
    await look()
    await look()
    expect((await all()).at(-1)?.state).toBe("releasing")
    expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: null, replicas: 0 })
    expect(await mine()).toMatchObject({
      ...{ kind: "release_command", releaseId: release, command: ["sh", "-c", command.command] },
      ...{ timeLimitSeconds: 60, size: 0.5, rolloutId: (await all()).at(-1)?.id },
    })
    await ends("succeeded")
    expect(await look()).toEqual({ againInSeconds: 0 })
    await look()
    expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: { releaseId: release } })
    expect((await all()).at(-1)?.steps.map((step) => step.name)).toEqual(["waiting", "releasing", "starting"])
  })

  it("that fails ends the rollout: what runs stays as it is, and its last lines are kept", async () => {
    await deploy()
    await look()
    await ends("failed", "It ended with exit code 1.")
    await look()
    expect((await all()).at(-1)).toMatchObject({ state: "failed", reason: "The release command ended with exit code 1." })
    const good = await deploy()
    await look()
    await ends("succeeded")
    await look()
    for (const phase of ["settling", "settled"] as const) {
      await look()
      deps.cluster.becomes(phase)
    }
    await look()
    await deploy()
    await look()
    expect(deps.cluster.wishes.at(-1)).toMatchObject({ target: { releaseId: good }, former: null })
    const line = { appId: app.id, replica: (await mine())?.id ?? "", source: "app", text: "no such table" } as const
    await connection.db.insert(logLines).values({ ...line, at: new Date() })
    await ends("failed", "It ended with exit code 1.")
    await look()
    expect((await all()).at(-1)).toMatchObject({ state: "reverted", endedAt: expect.any(Date), lastLines: ["no such table"] })
    expect((await all()).at(-1)?.steps.at(-2)).toMatchObject({ name: "releasing", reason: expect.stringContaining("exit code 1") })
  })

  it("is not run to make more of the same, or to make it anew", async () => {
    await connection.db.update(apps).set({ settings: defaultSettings }).where(eq(apps.id, app.id))
    const release = await deployed()
    const settings = { ...defaultSettings, releaseCommand: command }
    await connection.db.update(apps).set({ settings }).where(eq(apps.id, app.id))
    for (const kind of ["scale", "restart"] as const) {
      await owner.tx((tx) => startRollout(tx, owner, app, { kind, releaseId: release }))
      deps.cluster.becomes("starting")
      await look()
      expect((await all()).at(-1)).toMatchObject({ kind, state: "starting" })
      deps.cluster.becomes("settled")
      await look()
      await look()
    }
    expect(await mine()).toBeUndefined()
  })

  it("is run for the release of a deploy that a scale replaced in the queue", async () => {
    await deploy()
    await scale(2)
    await look()
    expect((await all()).map(({ kind, state }) => `${kind} ${state}`)).toEqual(["deploy superseded", "deploy releasing"])
    expect((await all()).at(-1)?.replicas).toBe(2)
  })

  it("is asked to end when its rollout is cancelled, which is over when that has happened", async () => {
    await deploy()
    await look()
    await cancelRollout(owner, { app: app.name })
    await look()
    expect((await all()).at(-1)?.state).toBe("releasing")
    expect((await mine())?.cancelRequestedAt).toBeInstanceOf(Date)
    const next = await deploy()
    await look()
    expect((await all()).at(-1)).toMatchObject({ releaseId: next, state: "waiting" })
    await ends("cancelled")
    await look()
    expect((await all()).at(-2)).toMatchObject({ state: "cancelled", reason: `Cancelled by ${owner.email}.` })
    await look()
    expect((await all()).at(-1)?.state).toBe("releasing")
  })
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

it("keeps what a draining replica has open, and nothing once it is gone", async () => {
  await deploy()
  await look()
  const [rollout] = await all()
  deps.cluster.becomes("draining", {
    state: "draining",
    traffic: "none",
    drainingAt: new Date(),
    openRequests: 2,
    openSockets: 90,
    socketsAtDrain: 100,
  })
  await look()
  const [replica] = await connection.db.select().from(replicas).where(eq(replicas.appId, app.id))
  expect(replica).toMatchObject({ generation: rollout?.generation, openRequests: 2, openSockets: 90, socketsAtDrain: 100 })
  deps.cluster.replicas = []
  await look()
  const [gone] = await connection.db.select().from(replicas).where(eq(replicas.appId, app.id))
  expect(gone).toMatchObject({ state: "exited", openRequests: null, openSockets: null })
})

describe("a rollout that upgrades in place", () => {
  const upgrade = (from = app.id.replaceAll("-", "")) => ({
    ...{ isPossible: true as const, from },
    ...{ fromVersion: "1", toVersion: "2", instructions: [] },
  })
  const rows = () => connection.db.select().from(replicas).where(eq(replicas.appId, app.id)).orderBy(asc(replicas.index))

  /** Up to where the first replica is to be upgraded. */
  async function upgrading() {
    await deployed()
    const [former] = deps.cluster.replicas
    if (!former) throw new Error("nothing runs")
    const release = await deploy(upgrade())
    deps.cluster.phase = "starting"
    await look()
    const [, rollout] = await all()
    if (!rollout) throw new Error("no rollout")
    const { generation } = rollout
    const beside = { ...former, id: `beside-${generation}`, index: 1, generation, releaseId: release, traffic: "standby" as const }
    Object.assign(deps.cluster, { phase: "upgrading", replicas: [former, beside], toUpgrade: former.id })
    await look()
    return { former, beside, generation, upgraded: { ...former, generation, releaseId: release } }
  }

  it("names its step before it upgrades, and notes down what the replica is from then on", async () => {
    const { former, upgraded } = await upgrading()
    expect(deps.cluster.wishes.at(-1)).toMatchObject({ inPlace: "wished" })
    expect((await all()).at(-1)).toMatchObject({ state: "upgrading", strategy: "hot" })
    expect(deps.cluster.upgraded).toEqual([])
    await look()
    expect(deps.cluster.upgraded).toEqual([former.id])
    const { generation, releaseId } = upgraded
    expect((await rows())[0]).toMatchObject({ id: former.id, generation, releaseId, restarts: 0 })
  })

  it("settles when all were upgraded", async () => {
    const { beside, upgraded } = await upgrading()
    await look()
    Object.assign(deps.cluster, { phase: "settling", replicas: [upgraded, beside], toUpgrade: null })
    await look()
    Object.assign(deps.cluster, { phase: "settled", replicas: [upgraded] })
    await look()
    const last = (await all()).at(-1)
    expect(last).toMatchObject({ state: "settled", strategy: "hot", fallbackReason: null })
    expect(last?.steps.map((step) => step.name)).toEqual(["waiting", "starting", "upgrading", "shifting", "settling", "settled"])
  })

  it("rolls to the same generation when one could not be upgraded, and says why", async () => {
    const { generation } = await upgrading()
    deps.cluster.upgrades = [{ ok: false, reason: "The node ended." }]
    await look()
    deps.cluster.toUpgrade = null
    await look()
    expect(deps.cluster.wishes.at(-1)).toMatchObject({ inPlace: "given_up", target: { id: generation } })
    expect((await all()).at(-1)).toMatchObject({ strategy: "rolling", fallbackReason: "The node ended.", liveAt: null })
  })

  it("rolls when a replica does badly after it was upgraded, also when all were", async () => {
    const { beside, upgraded } = await upgrading()
    await look()
    Object.assign(deps.cluster, { phase: "settling", replicas: [upgraded, beside], toUpgrade: null })
    await look()
    const at = new Date(Date.now() + 1000).toISOString()
    const ended = { ...upgraded, state: "waiting" as const, traffic: "none" as const, lastExit: { code: 1, reason: "crash" as const, at } }
    deps.cluster.replicas = [ended, beside]
    await look()
    const fallbackReason = expect.stringContaining("exit code 1")
    expect((await all()).at(-1)).toMatchObject({ state: "starting", strategy: "rolling", fallbackReason, liveAt: null })
  })

  it("is a rolling one from the start when something else runs by its turn", async () => {
    await deployed()
    await deploy(upgrade("0".repeat(64)))
    await look()
    expect(deps.cluster.wishes.at(-1)?.inPlace).toBeUndefined()
    expect((await all()).at(-1)).toMatchObject({ strategy: "rolling", fallbackReason: expect.stringContaining("another release") })
  })
})
