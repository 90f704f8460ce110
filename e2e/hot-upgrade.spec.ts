import { readFileSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { connect, type Socket } from "node:net"
import path from "node:path"
import { expect, type Page, test } from "@playwright/test"
import { askApp } from "./support/api"
import { push, type Repository, repositoryOf } from "./support/git"
import { startLoad } from "./support/load"
import { look } from "./support/looks"
import { changeSettings, createApp, PASSWORD, type Person, runningPlatform, SETTLED_SOON, signUp, until } from "./support/people"

const HOT = ["GIGALIXIR-HOT: true"]
const platform = runningPlatform()
let ada: Person
test.beforeAll(async () => {
  ada = await signUp(platform)
})

/** Changes a file of the app. @throws Error when it does not say what is to be changed. */
function edit(repository: Repository, file: string, from: string, to: string): void {
  const place = path.join(repository.dir, file)
  const before = readFileSync(place, "utf8")
  if (!before.includes(from)) throw new Error(`${file} does not say ${from}`)
  writeFileSync(place, before.replace(from, to))
}

/** The counter with so many replicas, and its next version, not yet pushed. */
async function nextVersionOf(replicas = 1) {
  const app = await createApp(ada, SETTLED_SOON)
  const repository = repositoryOf("counter")
  expect((await push(repository, ada.remote(app)).ended).code).toBe(0)
  if (replicas > 1) {
    await ada.api.call("PUT", `/api/apps/${app}/scale`, { replicas })
    await until("all replicas", async () => (await podsOf(app)).length === replicas)
    await until("the scale to settle", async () => !(await isRolling(app)))
  }
  edit(repository, "mix.exs", '"0.1.0"', '"0.1.1"')
  edit(repository, "lib/routes.ex", "version 1", "version 2")
  return { app, repository }
}

interface Pod {
  name: string
  status: string
  version: string | number
}
const podsOf = async (app: string) =>
  ((await ada.api.call("GET", `/api/apps/${app}/status`)).data as { pods: Pod[] }).pods.filter((pod) => pod.status === "Healthy")
const isRolling = async (app: string) => {
  const { data } = await ada.api.call("GET", `/api/apps/${app}/rollouts`)
  return (data as Array<{ ended_at: string | null }>).some((rollout) => rollout.ended_at === null)
}
const greeting = async (app: string) => (await askApp(platform.appsPort, app)).text.trim()

function post(app: string, at: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { host: `${app}.localhost` }
    const asked = request({ host: "127.0.0.1", port: platform.appsPort, path: at, method: "POST", headers, agent: false }, (answer) => {
      answer.resume().on("end", resolve).on("error", reject)
    })
    asked.on("error", reject).end()
  })
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${platform.url}/sign-in`)
  await page.getByLabel("E-mail").fill(ada.email)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL(`${platform.url}/apps`)
}

/** One connection through the router, asked again and again. */
async function lineTo(app: string): Promise<{ ask(at: string): Promise<string>; socket: Socket }> {
  const socket = connect({ host: "127.0.0.1", port: platform.appsPort })
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject))
  const ask = (at: string) =>
    new Promise<string>((resolve, reject) => {
      socket.once("data", (data: Buffer) => resolve(data.toString().split("\r\n\r\n")[1]?.trim() ?? ""))
      socket.once("close", () => reject(new Error("the connection was closed")))
      socket.write(`GET ${at} HTTP/1.1\r\nhost: ${app}.localhost\r\n\r\n`)
    })
  return { ask, socket }
}

test("a hot upgrade keeps what is in memory and every connection, and no request fails", async ({ page }, info) => {
  const { app, repository } = await nextVersionOf()
  const [before] = await podsOf(app)
  for (let times = 0; times < 3; times++) await post(app, "/count")
  const line = await lineTo(app)
  expect(await line.ask("/")).toBe("hello from version 1")
  const load = startLoad(platform.appsPort, app, 100)
  repository.commit("second version")
  const pushed = await push(repository, ada.remote(app), "main", HOT).ended
  expect(pushed.code, pushed.output).toBe(0)
  expect(pushed.output).toContain("counter 0.1.0 → 0.1.1: replaces Counter.Routes")
  expect(pushed.output).toContain("Upgrading replica 1 of 1 in place")
  expect(await line.ask("/")).toBe("hello from version 2")
  expect(await line.ask("/count")).toBe("3")
  line.socket.destroy()
  const { asked, failures, slowestMs } = await load.stop()
  console.log(`hot upgrade under load: ${asked} requests, ${failures.length} failed, slowest ${slowestMs} ms`)
  expect(failures).toEqual([])
  expect((await podsOf(app)).map((pod) => pod.name)).toEqual([before?.name])
  await signIn(page)
  await page.goto(`${platform.url}/apps/${app}/releases`)
  await expect(page.getByRole("listitem").filter({ hasText: "second version" }).getByText("Hot upgrade")).toBeVisible()
  await page.goto(`${platform.url}/apps/${app}/releases/4`)
  await expect(page.getByText("replaces Counter.Routes")).toBeVisible()
  await page.goto(`${platform.url}/apps/${app}/settings`)
  await page.getByText("When is a hot upgrade wise?").click()
  await expect(page.getByRole("heading", { name: "Better rolled" })).toBeVisible()
  await look(page, info, "advice")
})

test("a replica that ends after a hot upgrade starts from the new release", async () => {
  const { app, repository } = await nextVersionOf()
  repository.commit("second version")
  expect((await push(repository, ada.remote(app), "main", HOT).ended).code).toBe(0)
  await post(app, "/count")
  const [upgraded] = await podsOf(app)
  await post(app, "/crash")
  await until("another replica", async () => (await podsOf(app)).some((pod) => pod.name !== upgraded?.name))
  expect(await greeting(app)).toBe("hello from version 2")
  expect((await askApp(platform.appsPort, app, "/count")).text).toBe("0")
})

test("a node that ends by its upgrade is answered for, the rest is rolled, and the page says why", async ({ page }, info) => {
  const { app, repository } = await nextVersionOf(2)
  const raising = '  @impl true\n  def code_change(_, _, _), do: raise("cannot take it over")\n\n  @impl true\n  def init'
  edit(repository, "lib/counter.ex", "  @impl true\n  def init", raising)
  const load = startLoad(platform.appsPort, app, 100)
  repository.commit("second version")
  const { code, output } = await push(repository, ada.remote(app), "main", HOT).ended
  const { asked, failures, slowestMs } = await load.stop()
  console.log(`a failed hot upgrade under load: ${asked} requests, ${failures.length} failed, slowest ${slowestMs} ms`)
  expect(code, output).toBe(0)
  expect(output).toMatch(/The upgrade in place was given up: The \w+ ended while it was upgraded/)
  expect(failures).toEqual([])
  expect(await greeting(app)).toBe("hello from version 2")
  expect(await podsOf(app)).toHaveLength(2)
  await signIn(page)
  await page.goto(`${platform.url}/apps/${app}/releases`)
  await page.getByRole("listitem").filter({ hasText: "second version" }).getByRole("link").first().click()
  await expect(page.getByText("Not upgraded in place: replicas are replaced instead.")).toBeVisible()
  await look(page, info, "given-up")
})

test("a hot upgrade that is not possible is rolled, and the push says why", async () => {
  const { app, repository } = await nextVersionOf()
  await changeSettings(ada, app, { rollout: { strategy: "hot" } })
  edit(repository, "lib/counter.ex", "%{count: count, ", "%{count: count, step: 1, ")
  repository.commit("another state")
  const { code, output } = await push(repository, ada.remote(app)).ended
  expect(code, output).toBe(0)
  expect(output).toContain("Hot upgrade refused: The state that Counter begins with changed (init/1)")
  expect(await greeting(app)).toBe("hello from version 2")
})
