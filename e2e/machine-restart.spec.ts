import { readdirSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { askApp } from "./support/api"
import { type Breakpoints, openBreakpoints } from "./support/breakpoints"
import { push, repositoryOf } from "./support/git"
import { thingsOf } from "./support/machine"
import { restartMachine } from "./support/machine-restart"
import { setUpOperator } from "./support/operator"
import { createApp, type Person, SETTLED_SOON, until } from "./support/people"
import { type Platform, startPlatform, stopPlatform } from "./support/platform"

let platform: Platform
let operator: Person
let points: Breakpoints

test.beforeAll(async () => {
  platform = await startPlatform()
  operator = await setUpOperator(platform)
  points = await openBreakpoints(platform.home)
})
test.afterAll(async () => {
  await points.close()
  await stopPlatform(platform)
})

async function deployed(configs: Record<string, string>): Promise<string> {
  const app = await createApp(operator, SETTLED_SOON)
  await call("POST", app, "configs", { configs })
  const { code, output } = await push(repositoryOf("counter"), operator.remote(app)).ended
  expect(code, output).toBe(0)
  return app
}

async function call(method: string, app: string, what: string, body?: unknown): Promise<unknown> {
  const { status, text, data } = await operator.api.call(method, `/api/apps/${app}/${what}`, body)
  expect(status, text).toBeLessThan(300)
  return data
}

async function scaled(app: string, replicas: number): Promise<void> {
  await call("PUT", app, "scale", { replicas })
  await until(`${replicas} of ${app}`, async () => (await healthy(app)).length === replicas)
}

async function healthy(app: string): Promise<unknown[]> {
  const { pods } = (await call("GET", app, "status")) as { pods: Array<{ status: string }> }
  return pods.filter((pod) => pod.status === "Healthy")
}

const versionsOf = async (app: string) => ((await call("GET", app, "releases")) as Array<{ version: number }>).map(({ version }) => version)

/** Of the newest row of an app. */
async function newest(table: "rollouts" | "builds" | "one_offs", app: string): Promise<Record<string, unknown>> {
  const { sql } = points
  const [row] = await sql`
    select * from ${sql(table)} where app_id = (select id from apps where name = ${app}) order by created_at desc limit 1`
  return row ?? {}
}

const says = (app: string, text: string) =>
  until(`${app} to say ${text}`, async () => (await askApp(platform.appsPort, app).catch(() => null))?.text.includes(text), 120)

test("a restart of the machine brings every app back as it was, and ends or repeats what was under way", async () => {
  const [two, none, middle, commands] = await Promise.all([
    deployed({ GREETING: "two of us" }),
    deployed({ GREETING: "nobody" }),
    deployed({ GREETING: "before" }),
    deployed({ GREETING: "commands" }),
  ])
  await Promise.all([scaled(two, 2), scaled(none, 0)])
  const versions = await versionsOf(two)
  await call("POST", commands, "run", { command: ["sleep", "600"] })
  await until("the command to run", async () => (await newest("one_offs", commands)).state === "running")
  const built = await createApp(operator, SETTLED_SOON)
  const cut = push(repositoryOf("counter"), operator.remote(built))
  await stopAtItsTraffic(middle)
  await until("the compiler", () => cut.output().includes("Compiling"))

  await restartMachine(platform.home)
  expect(thingsOf(platform.home), "what the machine forgot").toEqual([])
  await cut.ended
  const began = Date.now()
  platform = await startPlatform(platform)

  await says(two, "two of us")
  await until("both replicas", async () => (await healthy(two)).length === 2)
  console.log(`after a restart of the machine the apps answered again ${((Date.now() - began) / 1000).toFixed(1)} s after the start`)
  expect(await versionsOf(two)).toEqual(versions)
  expect((await askApp(platform.appsPort, none)).status).toBe(503)

  await points.sql`delete from faults.gates`
  await says(middle, "after")
  await until("the end of its rollout", async () => (await newest("rollouts", middle)).ended_at !== null)
  expect(await newest("rollouts", middle)).toMatchObject({ state: "settled", reason: null })

  await until("the end of the build", async () => (await newest("builds", built)).ended_at !== null, 120)
  expect(await newest("builds", built)).toMatchObject({ state: "succeeded", attempts: 2 })
  await says(built, "hello")

  await until("the end of the command", async () => (await newest("one_offs", commands)).ended_at !== null)
  expect(await newest("one_offs", commands)).toMatchObject({ state: "failed", reason: expect.stringContaining("restarted") })
  await says(commands, "commands")

  const running = { [two]: 2, [none]: 0, [middle]: 1, [commands]: 1, [built]: 1 }
  await expect.poll(() => containersOf(Object.keys(running)), { timeout: 60_000 }).toEqual(running)
  const { code, output } = await push(repositoryOf("counter"), operator.remote(none), "+main").ended
  expect(code, output).toBe(0)
})

/** Changes a config, and returns when the new replica is about to be recorded as the one that serves. */
async function stopAtItsTraffic(app: string): Promise<void> {
  const [row] = await points.sql`select id, number from apps where name = ${app}`
  await points.watch(row?.id)
  const changing = call("POST", app, "configs", { configs: { GREETING: "after" } })
  await until("the new replica to take the traffic", async () => {
    const parked = (await points.parked()).filter((one) => one.app === row?.number)
    if (parked.some(({ states }) => states.includes("rollouts.settling"))) return true
    await points.pass(parked)
    return false
  })
  await changing
}

function containersOf(apps: readonly string[]): Record<string, number> {
  const all = readdirSync(path.join(platform.home, "containers"))
  return Object.fromEntries(apps.map((app) => [app, all.filter((name) => name.startsWith(`${app}-`)).length]))
}
