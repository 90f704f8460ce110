import { eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { oneOffs } from "@/db/schema"
import { readEnv } from "@/server/kernel/env"
import { shareParts } from "@/server/next/parts"
import { type Answer, type Cli, cliOf } from "@/server/testing/api"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
let app: string
let cli: Cli
beforeAll(async () => {
  connection = await testDatabase()
  shareParts({ ...testParts(connection), env: readEnv({ PHIAL_HOME: "/nowhere" }) })
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
  app = cast.app.name
  cli = await cliOf(cast.owner)
})

const at = (path: string) => `/api/apps/${app}${path}`
const command = ["mix", "ecto.migrate"]
const dataOf = (answer: Answer) => (answer.json as { data: Record<string, unknown> }).data
const errorsOf = (answer: Answer) => [answer.status, (answer.json as { errors: Record<string, string[]> }).errors]
const run = async () => String(dataOf(await cli("POST", at("/run"), { command })).name)

describe("gigalixir run", () => {
  it("begins and does not wait", async () => {
    const { version } = await aDeploy(cast.owner, cast.app)
    const answer = await cli("POST", at("/run"), { command })
    expect([answer.status, dataOf(answer)]).toMatchObject([
      200,
      { name: expect.stringMatching(`^${app}-run-`), command, kind: "migration", status: "waiting", version: String(version), size: 0.5 },
    ])
  })

  it("takes a size and a time limit", async () => {
    await aDeploy(cast.owner, cast.app)
    const answer = await cli("POST", at("/run"), { command, size: 2, time_limit_seconds: 60 })
    expect(dataOf(answer)).toMatchObject({ size: 2, time_limit_seconds: 60 })
  })

  it("says what is wrong, under the field's name", async () => {
    expect(errorsOf(await cli("POST", at("/run"), { command }))).toEqual([409, { "": [expect.stringContaining("push this app first")] }])
    await aDeploy(cast.owner, cast.app)
    expect(errorsOf(await cli("POST", at("/run"), { command: [] }))).toEqual([422, { command: ["is needed."] }])
    expect(errorsOf(await cli("POST", at("/run"), { command, time_limit_seconds: 0 }))).toEqual([
      422,
      { time_limit_seconds: ["is at least a second."] },
    ])
    const errors = { command: ["is a list of words: the program and its arguments."] }
    for (const body of [{}, { command: "mix ecto.migrate" }]) expect(errorsOf(await cli("POST", at("/run"), body))).toEqual([422, errors])
  })
})

it("shows what runs in the status as jobs", async () => {
  await aDeploy(cast.owner, cast.app)
  const [first, second] = [await run(), await run()]
  await connection.db.update(oneOffs).set({ state: "failed", endedAt: new Date() }).where(eq(oneOffs.id, first))
  expect(dataOf(await cli("GET", at("/status"))).jobs).toMatchObject([{ name: second, command, status: "waiting" }])
})

it("lists them, shows one, cancels one", async () => {
  await aDeploy(cast.owner, cast.app)
  const [first, second] = [await run(), await run()]
  expect(await cli("GET", at("/one_offs"))).toMatchObject({ status: 200, json: { data: [{ name: second }, { name: first }] } })
  expect(await cli("POST", at(`/one_offs/${first}/cancel`))).toMatchObject({ status: 202, json: { data: { name: first } } })
  expect(await cli("GET", at(`/one_offs/${first}`))).toMatchObject({ status: 200, json: { data: { created_by: cast.owner.email } } })
  await connection.db.update(oneOffs).set({ state: "cancelled", endedAt: new Date() }).where(eq(oneOffs.id, first))
  expect(await cli("POST", at(`/one_offs/${first}/cancel`))).toMatchObject({ status: 409 })
  expect(await cli("GET", at("/one_offs/none"))).toMatchObject({ status: 404 })
})

it("lets a viewer look, and a stranger not even that", async () => {
  await aDeploy(cast.owner, cast.app)
  const id = await run()
  const [viewer, stranger] = [await cliOf(cast.viewer), await cliOf(cast.stranger)]
  const reads = ["/one_offs", `/one_offs/${id}`]
  const writes = ["/run", `/one_offs/${id}/cancel`]
  for (const path of reads) expect((await viewer("GET", at(path))).status, path).toBe(200)
  for (const path of writes) expect((await viewer("POST", at(path), { command })).status, path).toBe(403)
  for (const path of reads) expect((await stranger("GET", at(path))).status, path).toBe(404)
  for (const path of writes) expect((await stranger("POST", at(path), { command })).status, path).toBe(404)
})
