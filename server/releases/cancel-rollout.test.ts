import { randomUUID } from "node:crypto"
import { eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps, type rolloutState, rollouts, wakes } from "@/db/schema"
import { restartApp, scaleApp } from "@/server/apps"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, lastAudit } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { cancelRollout, type Rollout } from "./index"

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
  await aDeploy(cast.owner, cast.app)
})

/** A restart, brought to a state as its controller would. */
async function aRollout(state: (typeof rolloutState.enumValues)[number]): Promise<Rollout> {
  const { id } = await restartApp(cast.owner, { app })
  const endedAt = state === "settled" ? new Date() : null
  const [rollout] = await connection.db.update(rollouts).set({ state, endedAt }).where(eq(rollouts.id, id)).returning()
  if (!rollout) throw new Error("no rollout")
  return rollout
}
const stored = async ({ id }: Pick<Rollout, "id">) => (await connection.db.select().from(rollouts).where(eq(rollouts.id, id)))[0]

it("ends one that waits at once, and one that runs by its controller; the audit log has both", async () => {
  const running = await aRollout("checking")
  const waiting = await aRollout("waiting")
  await connection.db.delete(wakes)
  await cancelRollout(cast.collaborator, { app })
  const wish = { cancelRequestedAt: expect.any(Date), cancelledBy: cast.collaborator.userId }
  expect(await stored(running)).toMatchObject({ state: "checking", endedAt: null, ...wish })
  expect(await lastAudit(cast.owner, cast.app)).toMatchObject({
    ...{ action: "rollout.cancelled", actorName: cast.collaborator.email },
    data: { version: 3, kind: "restart", state: "checking" },
  })
  expect(await connection.db.select().from(wakes)).toMatchObject([{ kind: "app", key: cast.app.id }])
  await cancelRollout(cast.owner, { app, rollout: waiting.id })
  expect(await stored(waiting)).toMatchObject({
    ...{ state: "cancelled", reason: `Cancelled by ${cast.owner.email}.`, endedAt: expect.any(Date) },
    steps: [{ name: "waiting" }],
  })
})

it("is repeatable while it is under way: the first wish counts, and is recorded once", async () => {
  await aRollout("starting")
  const first = await cancelRollout(cast.owner, { app })
  expect(await cancelRollout(cast.collaborator, { app })).toEqual(first)
  expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ actorName: cast.owner.email })
})

it("says why where there is nothing to cancel", async () => {
  await expect(cancelRollout(cast.owner, { app })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("ended") })
  const rollout = await aRollout("draining")
  await expect(cancelRollout(cast.owner, { app })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("roll back"),
  })
  await connection.db.update(rollouts).set({ state: "reverting" }).where(eq(rollouts.id, rollout.id))
  await expect(cancelRollout(cast.owner, { app })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("already") })
  for (const which of ["x", randomUUID()])
    await expect(cancelRollout(cast.owner, { app, rollout: which })).rejects.toMatchObject({ code: "not_found" })
  const other = await anAppWithPeople(testParts(connection))
  await expect(cancelRollout(other.owner, { app: other.app.name, rollout: rollout.id })).rejects.toMatchObject({ code: "not_found" })
  await expect(cancelRollout(other.owner, { app: other.app.name })).rejects.toMatchObject({ message: "Nothing was rolled out yet." })
})

it("of a scale that waits leaves the app as it runs", async () => {
  await aRollout("settled")
  const wished = async () => (await connection.db.select().from(apps).where(eq(apps.id, cast.app.id)))[0]
  const before = await wished()
  await scaleApp(cast.owner, { app, replicas: 5, size: 2 })
  expect(await wished()).toMatchObject({ replicas: 5, size: 2 })
  await cancelRollout(cast.owner, { app })
  expect(await wished()).toMatchObject({ replicas: before?.replicas, size: before?.size })
})

it("does not find the app for a stranger, and is refused to a viewer", async () => {
  const rollout = await aRollout("starting")
  await expect(cancelRollout(cast.stranger, { app })).rejects.toMatchObject({ code: "not_found" })
  await expect(cancelRollout(cast.viewer, { app })).rejects.toMatchObject({ code: "forbidden" })
  expect(await stored(rollout)).toMatchObject({ cancelRequestedAt: null })
})
