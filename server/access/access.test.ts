import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { makeCtx } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, share, testParts } from "@/server/testing/people"
import { appFor } from "./index"

let connection: Connection
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())

it("gives each person what their role allows, and nothing to a stranger", async () => {
  const parts = testParts(connection)
  const [owner, collaborator, viewer, stranger] = [await aPerson(parts), await aPerson(parts), await aPerson(parts), await aPerson(parts)]
  const app = await anApp(owner)
  await share(app, collaborator, "COLLABORATOR")
  await share(app, viewer, "VIEWER")

  expect((await appFor(owner, app.name, "app:delete")).role).toBe("owner")
  expect((await appFor(collaborator, app.name, "app:scale")).role).toBe("collaborator")
  await expect(appFor(collaborator, app.name, "app:delete")).rejects.toMatchObject({ code: "forbidden" })
  expect((await appFor(viewer, app.name, "app:see")).role).toBe("viewer")
  await expect(appFor(viewer, app.name, "app:scale")).rejects.toMatchObject({ code: "forbidden" })
  await expect(appFor(stranger, app.name, "app:see")).rejects.toMatchObject({ code: "not_found" })
  await expect(appFor(owner, "no-such-app", "app:see")).rejects.toMatchObject({ code: "not_found" })
})

it("asks a stranger without an account to sign in", async () => {
  const nobody = makeCtx(testParts(connection), { actor: { kind: "anonymous", via: "api" } })
  await expect(appFor(nobody, "any", "app:see")).rejects.toMatchObject({ code: "unauthenticated" })
})
