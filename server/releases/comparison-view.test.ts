import { eq } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { builds, slugs } from "@/db/schema"
import { requestBuild } from "@/server/builds"
import { setConfig } from "@/server/config"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { comparisonView } from "./comparison-view"

let connection: Connection
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())

it("has the newest and the one before where nothing is said, with their commits' messages, for who may see the app", async () => {
  const { app, owner, viewer, stranger } = await anAppWithPeople(testParts(connection))
  const release = await aDeploy(owner, app)
  const asked = { app: app.name, id: "0d4b3c1e-1f0e-4f43-9c3c-6a2a7f5f6a01", commit: release.slug.commit, branch: "main" }
  const build = await requestBuild(owner, { ...asked, message: "Greet by name\n\nAt length." })
  await connection.db.update(builds).set({ state: "succeeded" }).where(eq(builds.id, build.id))
  await connection.db.update(slugs).set({ buildId: build.id }).where(eq(slugs.id, release.slug.id))
  await setConfig(owner, { app: app.name, values: { GREETING: "hei" } })
  expect(await comparisonView(viewer, app.name, null, null)).toMatchObject({
    role: "viewer",
    serving: 3,
    versions: [{ version: 4 }, { version: 3 }, { version: 2 }, { version: 1 }],
    from: { version: 3, message: "Greet by name", by: owner.email },
    to: { version: 4, kind: "config", message: "Greet by name" },
    config: { added: ["GREETING"], changed: [], removed: [] },
  })
  expect(await comparisonView(viewer, app.name, 4, 3)).toMatchObject({ config: { removed: ["GREETING"] } })
  await expect(comparisonView(viewer, app.name, 3, 9)).rejects.toMatchObject({ code: "not_found" })
  await expect(comparisonView(stranger, app.name, 3, 4)).rejects.toMatchObject({ code: "not_found" })
})
