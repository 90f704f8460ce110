import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { askApp } from "./support/api"
import { push, repositoryOf } from "./support/git"
import { startLoad } from "./support/load"
import { setUpOperator } from "./support/operator"
import { kill, pidOf, processOf } from "./support/parts"
import { createApp, type Person, until } from "./support/people"
import { type Platform, startPlatform, stopPlatform } from "./support/platform"

const PER_SECOND = 200
const ENOUGH = 400
let platform: Platform
let operator: Person
let app: string

test.beforeAll(async () => {
  platform = await startPlatform()
  operator = await setUpOperator(platform)
  app = await createApp(operator)
  const first = await push(repositoryOf("counter"), operator.remote(app)).ended
  expect(first.code, first.output).toBe(0)
  expect((await operator.api.call("PUT", `/api/apps/${app}/scale`, { replicas: 2 })).status).toBe(200)
  await until("two replicas", async () => (await healthyPods()).length === 2)
})
test.afterAll(() => stopPlatform(platform))

async function healthyPods(): Promise<string[]> {
  const { data } = await operator.api.call("GET", `/api/apps/${app}/status`)
  const pods = (data as { pods?: Array<{ name: string; status: string }> } | null)?.pods ?? []
  return pods.filter((pod) => pod.status === "Healthy").map((pod) => pod.name)
}

const isUp = () =>
  fetch(`${platform.url}/healthz`).then(
    (answer) => answer.status === 200,
    () => false,
  )

for (const part of ["web", "controller", "logger", "runner", "postgres"] as const) {
  test(`kill -9 of ${part}: no request fails, and it comes back by itself`, async () => {
    const load = startLoad(platform.appsPort, app, PER_SECOND)
    const pods = await healthyPods()
    const before = await kill(platform.home, part)
    await until(`another ${part}`, () => processOf(platform.home, part) !== before)
    await until("all parts up", isUp)
    await until("enough requests to tell", () => load.asked() >= ENOUGH)
    const { asked, failures, slowestMs } = await load.stop()
    console.log(`kill -9 of ${part}: ${failures.length} of ${asked} requests failed, the slowest took ${slowestMs} ms`)
    expect(failures).toEqual([])
    expect(await healthyPods()).toEqual(pods)
  })
}

test("kill -9 of the supervisor: no request fails, and the next start takes the app over and deploys on", async () => {
  const load = startLoad(platform.appsPort, app, PER_SECOND)
  const pods = await healthyPods()
  const ended = new Promise((resolve) => platform.process.once("exit", resolve))
  process.kill(pidOf(platform.home, "start"), "SIGKILL")
  await ended
  platform = await startPlatform(platform)
  await until("all parts up", isUp)
  expect(await healthyPods()).toEqual(pods)
  expect((await operator.api.call("POST", `/api/apps/${app}/configs`, { configs: { GREETING: "after all" } })).status).toBe(201)
  await until("the new value", async () => (await askApp(platform.appsPort, app, "/env")).text.includes("after all"))
  const { asked, failures } = await load.stop()
  console.log(`kill -9 of the supervisor and a config change: ${failures.length} of ${asked} requests failed`)
  expect(failures).toEqual([])
})

test("kill -9 of one replica under load: no request fails, and another takes its place", async () => {
  const load = startLoad(platform.appsPort, app, PER_SECOND)
  const [victim] = await healthyPods()
  process.kill(Number(readFileSync(path.join(platform.home, "containers", victim ?? "", "pid"), "utf8")), "SIGKILL")
  await until("another replica", async () => {
    const pods = await healthyPods()
    return pods.length === 2 && !pods.includes(victim ?? "")
  })
  const { asked, failures } = await load.stop()
  console.log(`kill -9 of one of two replicas: ${failures.length} of ${asked} requests failed`)
  expect(failures).toEqual([])
})
