import { randomBytes, randomUUID } from "node:crypto"
import { and, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps, buildOutput, builds, wakes } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { anAppWithPeople, lastAudit } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { buildOf, buildsOf, cancelBuild, outputOf, requestBuild } from "./index"

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

const order = () => ({ app, id: randomUUID(), commit: randomBytes(20).toString("hex"), message: "Say hello", branch: "main" })
const request = (ctx: Ctx) => requestBuild(ctx, order())
const isAwake = async (id: string) =>
  (
    await connection.db
      .select()
      .from(wakes)
      .where(and(eq(wakes.kind, "build"), eq(wakes.key, id)))
  ).length === 1

describe("requestBuild", () => {
  it("queues a build of the caller's id, numbered within the app, and wakes the controller", async () => {
    const first = order()
    expect(await requestBuild(cast.collaborator, first)).toMatchObject({ id: first.id, number: 1, state: "queued", commit: first.commit })
    expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ action: "build.requested", actorName: cast.collaborator.email })
    expect(await isAwake(first.id)).toBe(true)
    expect((await request(cast.owner)).number).toBe(2)
  })

  it("asks for a hot upgrade where the push does, or the app's settings do", async () => {
    expect((await request(cast.owner)).hotUpgrade).toBe(false)
    expect((await requestBuild(cast.owner, { ...order(), hotUpgrade: true })).hotUpgrade).toBe(true)
    const settings = { ...cast.app.settings, rollout: { ...cast.app.settings.rollout, strategy: "hot" as const } }
    await connection.db.update(apps).set({ settings }).where(eq(apps.id, cast.app.id))
    const asked = order()
    const build = await requestBuild(cast.owner, asked)
    expect(build.hotUpgrade).toBe(true)
    expect((await requestBuild(cast.owner, { ...asked, id: randomUUID() })).id).toBe(build.id)
  })

  it("numbers builds requested at once without gap or double", async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => request(cast.owner)))
    expect(made.map((build) => build.number).sort()).toEqual([1, 2, 3, 4, 5, 6])
  })

  it("joins the build of the same commit that has not ended, also when two ask in the same moment", async () => {
    const wish = order()
    const asked = await Promise.all([1, 2, 3].map(() => requestBuild(cast.owner, { ...wish, id: randomUUID() })))
    expect(new Set(asked.map((build) => build.number)).size).toBe(1)
    await connection.db.update(builds).set({ state: "failed" }).where(eq(builds.commit, wish.commit))
    expect((await requestBuild(cast.owner, { ...wish, id: randomUUID() })).number).toBe((asked[0]?.number ?? 0) + 1)
  })

  it("does not find the app for a stranger, and is refused to a viewer", async () => {
    await expect(request(cast.stranger)).rejects.toMatchObject({ code: "not_found" })
    await expect(request(cast.viewer)).rejects.toMatchObject({ code: "forbidden" })
    expect(await buildsOf(cast.owner, app)).toEqual([])
  })
})

describe("cancelBuild", () => {
  it("asks the controller to end it, once", async () => {
    const { id, number } = await request(cast.owner)
    await cancelBuild(cast.collaborator, { app, build: String(number) })
    const { cancelRequestedAt } = await buildOf(cast.viewer, app, id)
    expect(cancelRequestedAt).toBeInstanceOf(Date)
    expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ action: "build.cancelled", actorName: cast.collaborator.email })
    await cancelBuild(cast.owner, { app, build: id })
    expect((await buildOf(cast.viewer, app, id)).cancelRequestedAt).toEqual(cancelRequestedAt)
  })

  it("does not touch one that has ended", async () => {
    const { id } = await request(cast.owner)
    await connection.db.update(builds).set({ state: "failed" }).where(eq(builds.id, id))
    await expect(cancelBuild(cast.owner, { app, build: id })).rejects.toMatchObject({ code: "conflict" })
  })

  it("finds nothing for a stranger, nothing of another app, and is refused to a viewer", async () => {
    const { id } = await request(cast.owner)
    await expect(cancelBuild(cast.stranger, { app, build: id })).rejects.toMatchObject({ code: "not_found" })
    await expect(cancelBuild(cast.viewer, { app, build: id })).rejects.toMatchObject({ code: "forbidden" })
    const other = await anAppWithPeople(testParts(connection))
    await expect(cancelBuild(other.owner, { app: other.app.name, build: id })).rejects.toMatchObject({ code: "not_found" })
    await expect(cancelBuild(cast.owner, { app, build: "nonsense'" })).rejects.toMatchObject({ code: "not_found" })
    expect((await buildOf(cast.owner, app, id)).cancelRequestedAt).toBeNull()
  })
})

it("answers a build's output from where one was", async () => {
  const { id } = await request(cast.owner)
  const at = new Date()
  const lines = ["one", "two", "three"].map((text) => ({ buildId: id, appId: cast.app.id, at, phase: "build", text }))
  await connection.db.insert(buildOutput).values(lines)
  const all = await outputOf(cast.viewer, app, id)
  expect(all.map((line) => line.text)).toEqual(["one", "two", "three"])
  expect((await outputOf(cast.viewer, app, "1", all[1]?.id)).map((line) => line.text)).toEqual(["three"])
  await expect(outputOf(cast.stranger, app, id)).rejects.toMatchObject({ code: "not_found" })
})
