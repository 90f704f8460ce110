import { eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { rollouts } from "@/db/schema"
import { addOneOff } from "@/server/one-offs"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, aReplica } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { type Rollout, servingVersion, shownRollout, startRollout } from "./index"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
})

const change = (rollout: Pick<Rollout, "id">, to: Partial<Rollout>) =>
  connection.db.update(rollouts).set(to).where(eq(rollouts.id, rollout.id))

async function aRollout(over: Partial<Rollout> = {}): Promise<{ release: Awaited<ReturnType<typeof aDeploy>>; rollout: Rollout }> {
  const { owner, app } = cast
  const release = await aDeploy(owner, app)
  await connection.db.delete(rollouts).where(eq(rollouts.releaseId, release.id))
  const rollout = await owner.tx((tx) => startRollout(tx, owner, app, { kind: "deploy", releaseId: release.id }))
  if (!rollout) throw new Error("no rollout")
  if (Object.keys(over).length > 0) await change(rollout, over)
  return { release, rollout: { ...rollout, ...over } }
}

const shown = () => shownRollout(cast.viewer, cast.app.id)

it("is the one under way, however many came after, and the one that waits behind it", async () => {
  const { rollout } = await aRollout({ state: "checking" })
  const waits = await aRollout()
  expect(await shown()).toMatchObject({ rollout: { id: rollout.id, state: "checking" }, next: { id: waits.rollout.id, state: "waiting" } })
  await change(rollout, { state: "settled", endedAt: new Date() })
  expect(await shown()).toMatchObject({ rollout: { id: waits.rollout.id }, next: null })
})

it("counts what is healthy of it and what the former have left, and leaves a stand-in out", async () => {
  const { owner, app } = cast
  const former = await aDeploy(owner, app)
  await aReplica(owner, app, former, { state: "draining", traffic: "none", openRequests: 1, openSockets: 7, generation: former.id })
  const { release, rollout } = await aRollout({ state: "draining", replicas: 2 })
  const own = { generation: rollout.generation }
  await aReplica(owner, app, release, { ...own, index: 1 })
  await aReplica(owner, app, release, { ...own, index: 2, traffic: "standby" })
  await aReplica(owner, app, release, { ...own, index: 3, state: "starting" })
  expect((await shown()).rollout).toMatchObject({ replicas: { wanted: 2, healthy: 2 }, draining: [{ openRequests: 1, openSockets: 7 }] })
  await change(rollout, { state: "upgrading" })
  expect((await shown()).rollout?.replicas.healthy).toBe(1)
})

it("has its release command, who cancelled it, and how long others of its kind took", async () => {
  const { owner, app } = cast
  const { release, rollout } = await aRollout({ state: "releasing", cancelRequestedAt: new Date(), cancelledBy: cast.collaborator.userId })
  const command = { kind: "release_command" as const, command: ["sh", "-c", "gigalixir_run migrate"], size: 0.5, timeLimitSeconds: 60 }
  await owner.tx((tx) => addOneOff(tx, owner, app, { ...command, releaseId: release.id, rolloutId: rollout.id }))
  const before = await aRollout()
  const seconds = (n: number) => new Date(rollout.createdAt.getTime() - 60_000 + n * 1000)
  const steps = [{ name: "starting" as const, startedAt: seconds(0).toISOString(), endedAt: seconds(3).toISOString() }]
  await change(before.rollout, { state: "settled", createdAt: seconds(0), liveAt: seconds(5), endedAt: seconds(9), steps })
  expect((await shown()).rollout).toMatchObject({
    id: rollout.id,
    releaseCommand: { command: "gigalixir_run migrate", state: "waiting", timeLimitSeconds: 60 },
    cancelledBy: cast.collaborator.email,
    usual: { seconds: 5, stepSeconds: { starting: 3 } },
    servingVersion: 4,
  })
})

it("says of an app what serves, whatever was taken back since", async () => {
  expect(await servingVersion(connection.db, cast.app.id)).toBeNull()
  await aRollout({ state: "settled", liveAt: new Date(), endedAt: new Date() })
  await aRollout({ state: "reverted", liveAt: new Date(), endedAt: new Date() })
  expect(await servingVersion(connection.db, cast.app.id)).toBe(3)
})
