import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import type { App } from "@/server/access"
import { type Ctx, makeCtx } from "@/server/kernel/context"
import { readEnv } from "@/server/kernel/env"
import { shareParts } from "@/server/next/parts"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { queries } from "./queries"

type AnyQuery = {
  params: { safeParse(value: unknown): { success: boolean; data?: object } }
  view(ctx: Ctx, params: object): Promise<unknown>
}

let connection: Connection
let app: App
let owner: Ctx & { userId: string }
let stranger: Ctx

beforeAll(async () => {
  connection = await testDatabase()
  const parts = testParts(connection)
  shareParts({ ...parts, env: readEnv({ PHIAL_HOME: "/nowhere" }) })
  owner = await aPerson(parts)
  stranger = await aPerson(parts)
  app = await anApp(owner)
})
afterAll(() => connection.close())

/** Everything that a view of an app may ask for: each takes what it knows. */
const asked = () => ({ app: app.name, version: 2, build: "1", printer: "x", oneOff: "x", against: 1, from: 1, to: 2, after: 0, limit: 10 })

/** Whoever asks for one app, by what its own schema takes and needs. */
const ofOneApp = Object.entries(queries as unknown as Record<string, AnyQuery>).filter(([, { params }]) => !params.safeParse({}).success)

it.each(ofOneApp.filter(([name]) => name !== "name"))("the view %s of another's app is not found", async (_name, { params, view }) => {
  const parsed = params.safeParse(asked())
  expect(parsed.success).toBe(true)
  await expect(view(stranger, parsed.data ?? {})).rejects.toMatchObject({ code: "not_found" })
  const nobody = makeCtx(testParts(connection), { actor: { kind: "anonymous", via: "dashboard" } })
  await expect(view(nobody, parsed.data ?? {})).rejects.toMatchObject({ code: "unauthenticated" })
})

it("lists no app of another's", async () => {
  expect(await queries.apps.view(stranger, {})).toEqual({ apps: [] })
  expect((await queries.apps.view(owner, {})).apps.map((row) => row.name)).toEqual([app.name])
})
