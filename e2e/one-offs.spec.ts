import { existsSync, writeFileSync } from "node:fs"
import path from "node:path"
import { type Browser, expect, type Page, test } from "@playwright/test"
import { askApp } from "./support/api"
import { push, repositoryOf } from "./support/git"
import { look } from "./support/looks"
import { kill } from "./support/parts"
import { createApp, PASSWORD, type Person, runningPlatform, SETTLED_SOON, signUp, until } from "./support/people"
import { share } from "./support/share"

test.setTimeout(120_000)

const platform = runningPlatform()
let ada: Person
let app: string
test.beforeAll(async () => {
  ada = await signUp(platform)
  app = await createApp(ada, SETTLED_SOON)
  const first = await push(repositoryOf("counter"), ada.remote(app)).ended
  expect(first.code, first.output).toBe(0)
})

interface Job {
  name: string
  status: string
  exit_code: number | null
  reason: string | null
}

/** As `gigalixir run` sends it. */
async function run(command: string[], over: { app?: string; time_limit_seconds?: number } = {}): Promise<string> {
  const { app: of = app, ...limits } = over
  const { status, text, data } = await ada.api.call("POST", `/api/apps/${of}/run`, { command, ...limits })
  expect(status, text).toBe(200)
  return (data as Job).name
}

const jobOf = async (name: string, of = app) => (await ada.api.call("GET", `/api/apps/${of}/one_offs/${name}`)).data as Job
const running = async () => ((await ada.api.call("GET", `/api/apps/${app}/status`)).data as { jobs: Job[] }).jobs
const becomes = (name: string, status: string, of = app) =>
  until(`${name} to be ${status}`, async () => {
    const job = await jobOf(name, of)
    return job.status === status && job
  })

/** The lines of one, as `gigalixir logs` shows them. */
async function printed(name: string, of = app): Promise<string[]> {
  const { text } = await ada.api.call("GET", `/api/apps/${of}/logs?num_lines=5000&follow=False`)
  return text.split("\n").flatMap((line) => line.split(`${of}[${name}]: `).slice(1))
}
const eventuallyPrints = (name: string, lines: string[]) => expect.poll(() => printed(name)).toEqual(lines)

test("a command runs in a container of its own with the app's config; its output and exit code are kept", async () => {
  const script = 'echo "$APP_NAME in $PWD at $HOSTNAME"; cat; echo oops >&2; exit 3'
  const name = await run(["sh", "-c", script])
  expect(await becomes(name, "failed")).toMatchObject({ exit_code: 3, reason: "It ended with exit code 3: its last lines say why." })
  await eventuallyPrints(name, [`${app} in /app at ${name}`, "oops"])
  const fine = await run(["bin/counter", "eval", 'IO.puts("from the release: #{1 + 1}, #{node()}")'])
  await becomes(fine, "succeeded")
  await eventuallyPrints(fine, ["from the release: 2, nonode@nohost"])
})

test("no line is lost, however much is printed and however soon it ends", async () => {
  const much = await run(["seq", "1", "3000"])
  const brief = await Promise.all([1, 2, 3, 4, 5].map((number) => run(["printf", `brief ${number}`])))
  for (const name of [much, ...brief]) await becomes(name, "succeeded")
  await eventuallyPrints(
    much,
    Array.from({ length: 3000 }, (_, index) => String(index + 1)),
  )
  for (const [index, name] of brief.entries()) await eventuallyPrints(name, [`brief ${index + 1}`])
})

test("cancel ends exactly that container; the app and the other go on", async () => {
  const [one, other] = [await run(["sleep", "600"]), await run(["sleep", "600"])]
  for (const name of [one, other]) await becomes(name, "running")
  expect((await running()).map(({ name }) => name).sort()).toEqual([one, other].sort())
  const before = (await ada.api.call("GET", `/api/apps/${app}/status`)).data as { pods: unknown }
  expect((await ada.api.call("POST", `/api/apps/${app}/one_offs/${one}/cancel`)).status).toBe(202)
  expect(await becomes(one, "cancelled")).toMatchObject({ reason: `Cancelled by ${ada.email}.` })
  expect(await running()).toMatchObject([{ name: other, status: "running" }])
  expect((await ada.api.call("GET", `/api/apps/${app}/status`)).data).toMatchObject({ pods: before.pods })
  expect((await askApp(platform.appsPort, app)).status).toBe(200)
  await ada.api.call("POST", `/api/apps/${app}/one_offs/${other}/cancel`)
  await becomes(other, "cancelled")
})

test("one that takes longer than it may is ended, and says so", async () => {
  const name = await run(["sh", "-c", "echo begun; sleep 600"], { time_limit_seconds: 3 })
  const { reason } = await becomes(name, "failed")
  expect(reason).toBe("It took longer than its time limit of 3 seconds and was ended: run it with a longer one.")
  await eventuallyPrints(name, ["begun"])
})

test("it goes on while parts of the platform are killed, runs once, and loses no line", async () => {
  const name = await run(["sh", "-c", "echo begun; for n in 1 2 3 4 5 6; do sleep 1; echo $n; done"])
  await becomes(name, "running")
  for (const part of ["controller", "logger", "runner"] as const) await kill(platform.home, part)
  expect(await becomes(name, "succeeded")).toMatchObject({ exit_code: 0 })
  await eventuallyPrints(name, ["begun", "1", "2", "3", "4", "5", "6"])
})

test("nothing of one is left on the machine when it has ended", async () => {
  const name = await run(["true"])
  await becomes(name, "succeeded")
  await until("its container to go", () => !existsSync(path.join(platform.home, "containers", name)))
})

for (const mode of ["release", "mix"] as const) {
  test(`migrations run in ${mode} mode, before and beside what serves`, async () => {
    const shop = await createApp(ada, SETTLED_SOON)
    const repository = repositoryOf("migrating")
    if (mode === "release") {
      const line = 'import Config\nconfig :migrating, Migrating.Repo, url: System.get_env("DATABASE_URL")\n'
      writeFileSync(path.join(repository.dir, "config/runtime.exs"), line)
      repository.commit("as a release")
    }
    const configs = { DATABASE_URL: "ecto://the-database" }
    expect((await ada.api.call("POST", `/api/apps/${shop}/configs`, { configs })).status).toBe(201)
    const { code, output } = await push(repository, ada.remote(shop)).ended
    expect(code, output).toBe(0)

    const told = (version: string) => expect.stringContaining(`ecto://the-database was told by nonode@nohost: ${version}`)
    const name = await run(["gigalixir_run", "migrate"], { app: shop })
    await until(`${name} to end`, async () => !["waiting", "running"].includes((await jobOf(name, shop)).status))
    await expect.poll(() => printed(name, shop)).toEqual(expect.arrayContaining([told("CREATE TABLE carts"), told("ALTER TABLE carts")]))
    expect(await jobOf(name, shop)).toMatchObject({ status: "succeeded", exit_code: 0 })

    expect((await ada.api.call("POST", `/api/apps/${shop}/configs`, { configs: { LOCKED: "yes" } })).status).toBe(201)
    const failing = await run(["gigalixir_run", "migrate"], { app: shop })
    expect(await becomes(failing, "failed", shop)).toMatchObject({ exit_code: 1 })
    await expect
      .poll(async () => (await printed(failing, shop)).join("\n"))
      .toMatch(/told by nonode@nohost: CREATE TABLE[\s\S]*relation carts is locked/)
    expect((await askApp(platform.appsPort, shop)).status).toBe(200)
  })
}

async function signedIn(browser: Browser, { email }: Person): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${platform.url}/sign-in`)
  await page.getByLabel("E-mail").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL(`${platform.url}/apps`)
  return page
}

test("the page runs a command, shows what it prints as it prints it, cancels it and runs it again", async ({ browser }, info) => {
  const fresh = await createApp(ada)
  const page = await signedIn(browser, ada)
  await page.goto(`${platform.url}/apps/${fresh}/one-offs`)
  await expect(page.getByText("Nothing was deployed yet.")).toBeVisible()
  await look(page, info, "not-deployed")

  await page.goto(`${platform.url}/apps/${app}`)
  await page
    .getByRole("list", { name: `Pages of ${app}` })
    .getByRole("link", { name: "One-offs" })
    .click()
  await page.getByLabel("Command", { exact: true }).fill('for n in 1 2 3; do echo "line $n"; done; sleep 600')
  await page.getByRole("button", { name: "Run", exact: true }).click()
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Running")
  const output = page.getByRole("region", { name: /^Output of/ })
  await expect(output).toContainText("line 3")
  await look(page, info, "running")

  await page.getByRole("button", { name: "Cancel" }).click()
  await expect(page.getByRole("alertdialog", { name: "Cancel this command?" })).toBeVisible()
  await look(page, info, "cancel-dialog")
  await page.getByRole("button", { name: "End it" }).click()
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cancelled")
  await expect(page.getByText(`Cancelled by ${ada.email}.`)).toBeVisible()

  await page.getByRole("link", { name: "One-offs" }).first().click()
  await page.getByLabel("Command", { exact: true }).fill("echo 'this cannot go well' >&2; exit 7")
  await page.getByRole("button", { name: "Run", exact: true }).click()
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Failed")
  await expect(page.getByText("It ended with exit code 7")).toBeVisible()
  await expect(output).toContainText("this cannot go well")
  await look(page, info, "failed")
  const first = page.url()
  await page.getByRole("button", { name: "Run again" }).click()
  await page.waitForURL((url) => url.href !== first)
  await expect(page.getByText("It ended with exit code 7")).toBeVisible()
  await page.getByRole("link", { name: "One-offs" }).first().click()
  await expect(page.getByRole("list", { name: "One-offs, newest first" }).getByRole("link", { name: /exit 7/ })).toHaveCount(2)
  await look(page, info, "list")
  await page.getByRole("button", { name: "Run migrations" }).click()
  await expect(page.getByRole("alertdialog", { name: /^Run the migrations of v\d+\?$/ })).toBeVisible()
  await look(page, info, "migrate-dialog")
  await page.keyboard.press("Escape")
})

test("the list follows what others do, and a viewer sees why they cannot", async ({ browser }, info) => {
  const viewer = await signUp(platform)
  await share(platform.home, app, viewer.email, "VIEWER")
  const page = await signedIn(browser, viewer)
  await page.goto(`${platform.url}/apps/${app}/one-offs`)
  await expect(page.getByLabel("Command", { exact: true })).toBeDisabled()
  await expect(page.locator("footer").getByText("You are a viewer of this app").first()).toBeVisible()
  const name = await run(["sleep", "599"])
  const link = page.getByRole("list", { name: "One-offs, newest first" }).getByRole("link", { name: "sleep 599" })
  await expect(link).toBeVisible()
  await look(page, info, "viewer")
  await link.click()
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Running")
  await expect(page.getByRole("button", { name: "Cancel" })).toHaveAttribute("aria-disabled", "true")
  await ada.api.call("POST", `/api/apps/${app}/one_offs/${name}/cancel`)
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cancelled")
})
