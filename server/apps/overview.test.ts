import { eq } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { rollouts, slugs } from "@/db/schema"
import { addRelease, startRollout } from "@/server/releases"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, aReplica } from "@/server/testing/deploys"
import { anApp, aPerson, share, testParts } from "@/server/testing/people"
import { overviewOf } from "./overview"
import { appInfo } from "./queries"

let connection: Connection
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())

it("shows a new app as empty, with its owner and the role of who looks", async () => {
  const parts = testParts(connection)
  const [owner, viewer, stranger] = [await aPerson(parts), await aPerson(parts), await aPerson(parts)]
  const app = await anApp(owner)
  await share(app, viewer, "VIEWER")
  expect(await overviewOf(owner, app.name)).toMatchObject({
    state: "empty",
    app: { role: "owner", owner: owner.email },
    serving: null,
    replicas: [],
  })
  expect(await overviewOf(viewer, app.name)).toMatchObject({ app: { role: "viewer" } })
  await expect(overviewOf(stranger, app.name)).rejects.toMatchObject({ code: "not_found" })
})

it("says of an app the same as the list of apps does, whatever becomes of a rollout", async () => {
  const owner = await aPerson(testParts(connection))
  const app = await anApp(owner, { replicas: 1 })
  const good = await aDeploy(owner, app)
  await aReplica(owner, app, good)
  const next = await aDeploy(owner, app)
  for (const state of ["checking", "settling", "reverting", "reverted", "cancelled", "settled"] as const) {
    const endedAt = ["reverted", "cancelled", "settled"].includes(state) ? new Date() : null
    await connection.db.update(rollouts).set({ state, endedAt, reason: "It crashed." }).where(eq(rollouts.releaseId, next.id))
    const { state: word, sentence } = await overviewOf(owner, app.name)
    expect([state, (await appInfo(owner, app.name)).status]).toEqual([state, { state: word, sentence }])
  }
})

it("shows a rollout under way, and no usual time before the first that went well", async () => {
  const owner = await aPerson(testParts(connection))
  const app = await anApp(owner, { replicas: 1 })
  const meta = {
    mode: "mix" as const,
    releaseName: "a",
    version: "1",
    erlang: "27",
    elixir: "1.18",
    erts: "15",
    processTypes: { web: "x" },
    buildpacks: [],
  }
  await owner.tx(async (tx) => {
    const values = { appId: app.id, sha256: "c".repeat(64), sizeBytes: 1, stack: "debian-13", commit: "c0ffee", meta }
    const [slug] = await tx.insert(slugs).values(values).returning()
    const release = await addRelease(tx, owner, app, { kind: "deploy", summary: "Deploy c0ffee", ...(slug ? { slugId: slug.id } : {}) })
    await startRollout(tx, owner, app, { kind: "deploy", releaseId: release.id })
  })
  expect(await overviewOf(owner, app.name)).toMatchObject({
    state: "deploying",
    sentence: "Rolling out v3.",
    rollout: {
      version: 3,
      state: "waiting",
      usual: { seconds: null, stepSeconds: {} },
      replicas: { wanted: 1, healthy: 0 },
      by: owner.email,
    },
  })
})
