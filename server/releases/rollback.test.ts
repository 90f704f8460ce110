import { eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { rollouts } from "@/db/schema"
import { setConfig } from "@/server/config"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, lastAudit } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { latestRelease, releaseByVersion, releasesOf, rollback, rolloutsOf } from "./index"

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

it("makes a new release of the old slug and the old config, and rolls it out", async () => {
  await setConfig(cast.owner, { app, values: { A: "old" } })
  const good = await aDeploy(cast.owner, cast.app)
  await setConfig(cast.owner, { app, values: { A: "new" } })
  await aDeploy(cast.owner, cast.app)
  const release = await rollback(cast.collaborator, { app, version: good.version })
  expect(release).toMatchObject({
    version: 7,
    kind: "rollback",
    slugId: good.slug.id,
    configVersionId: good.configVersionId,
    rollbackTo: 4,
  })
  const [rollout] = await connection.db.select().from(rollouts).where(eq(rollouts.releaseId, release.id))
  expect(rollout).toMatchObject({ kind: "rollback", state: "waiting" })
  expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ action: "release.rolled_back", data: { to: 4, version: 7 } })
})

it("is not found for a stranger, refused to a viewer, and needs a release with something to run", async () => {
  const { version } = await aDeploy(cast.owner, cast.app)
  await expect(rollback(cast.stranger, { app, version })).rejects.toMatchObject({ code: "not_found" })
  await expect(rollback(cast.viewer, { app, version })).rejects.toMatchObject({ code: "forbidden" })
  await expect(rollback(cast.owner, { app, version: 99 })).rejects.toMatchObject({ code: "not_found" })
  await expect(rollback(cast.owner, { app, version: 2 })).rejects.toMatchObject({ code: "conflict" })
  expect(await latestRelease(cast.owner, app)).toMatchObject({ version })
})

it("lists releases newest first, with what they run and how they were rolled out", async () => {
  const deploy = await aDeploy(cast.owner, cast.app)
  const [latest, ...older] = await releasesOf(cast.viewer, app)
  expect(latest).toMatchObject({ version: 3, by: cast.owner.email, slug: { commit: deploy.slug.commit }, rollout: { state: "settled" } })
  expect(older.map((release) => [release.version, release.slug])).toEqual([
    [2, null],
    [1, null],
  ])
  expect(await rolloutsOf(cast.viewer, app)).toMatchObject([{ version: 3, kind: "deploy" }])
  expect(await releaseByVersion(cast.viewer, app, 1)).toMatchObject({ kind: "initial", rollout: null })
  for (const version of [0, 99, 1.5, 2 ** 40]) {
    await expect(releaseByVersion(cast.viewer, app, version)).rejects.toMatchObject({ code: "not_found" })
  }
  await expect(releasesOf(cast.stranger, app)).rejects.toMatchObject({ code: "not_found" })
})
