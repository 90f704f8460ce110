import { desc, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { rollouts } from "@/db/schema"
import { scaleApp } from "@/server/apps"
import { setConfig } from "@/server/config"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { cancelRollout, currentRelease, releaseToRun } from "./index"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
})

const toRun = async () => (await releaseToRun(connection.db, cast.app.id))?.version
const newest = async () => (await currentRelease(connection.db, cast.app.id))?.version
const taken = (releaseId: string) =>
  connection.db.update(rollouts).set({ state: "reverted", endedAt: new Date() }).where(eq(rollouts.releaseId, releaseId))

it("is what runs, or is about to, and not what was taken back", async () => {
  expect(await toRun()).toBe(2)
  await aDeploy(cast.owner, cast.app)
  expect(await toRun()).toBe(3)
  await taken((await aDeploy(cast.owner, cast.app)).id)
  expect([await toRun(), await newest()]).toEqual([3, 4])
  await aDeploy(cast.owner, cast.app)
  expect(await toRun()).toBe(5)
})

it("is the newest where nothing ever ran", async () => {
  await taken((await aDeploy(cast.owner, cast.app)).id)
  expect(await toRun()).toBe(3)
})

it("takes a held config along, and none that was tried, or that is of another push", async () => {
  await aDeploy(cast.owner, cast.app)
  await setConfig(cast.owner, { app: cast.app.name, values: { A: "1" }, when: "next_deploy" })
  expect(await toRun()).toBe(4)
  await setConfig(cast.owner, { app: cast.app.name, values: { A: "2" }, when: "now" })
  await cancelRollout(cast.owner, { app: cast.app.name })
  expect([await toRun(), await newest()]).toEqual([4, 5])
  await taken((await aDeploy(cast.owner, cast.app)).id)
  await setConfig(cast.owner, { app: cast.app.name, values: { A: "3" }, when: "next_deploy" })
  expect([await toRun(), await newest()]).toEqual([4, 7])
})

it("is what another size is of", async () => {
  const good = await aDeploy(cast.owner, cast.app)
  await taken((await aDeploy(cast.owner, cast.app)).id)
  await scaleApp(cast.owner, { app: cast.app.name, size: 1 })
  const of = eq(rollouts.appId, cast.app.id)
  const [rollout] = await connection.db.select().from(rollouts).where(of).orderBy(desc(rollouts.createdAt)).limit(1)
  expect(rollout).toMatchObject({ kind: "scale", releaseId: good.id, size: 1 })
})
