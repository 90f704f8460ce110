import { expect, type Page, test } from "@playwright/test"
import { askApp } from "./support/api"
import { push, type Repository, repositoryOf } from "./support/git"
import { startLoad } from "./support/load"
import { changeSettings, createApp, PASSWORD, type Person, runningPlatform, type Settings, signUp, until } from "./support/people"

/** How a rollout ends that does not go well: the same in the push, in the API and on the page, while what ran before answers. */
const platform = runningPlatform()
const REQUESTS_A_SECOND = 20
const PATIENT: Settings = { check: { kind: "http", path: "/", grace_seconds: 60 }, release_command: { command: "" } }

let ada: Person
let app: string
let repository: Repository
test.beforeAll(async () => {
  ada = await signUp(platform)
  app = await createApp(ada, { rollout: { settle_seconds: 1, config_changes: "next_deploy" } })
  repository = repositoryOf("moody")
  expect((await push(repository, ada.remote(app)).ended).code).toBe(0)
})

interface Rollout {
  id: string
  state: string
  version: number
  reason: string
  serving_version: number
  steps: Array<{ name: string; reason: string | null }>
  last_lines: string[]
}
const api = async <T>(path: string) => (await ada.api.call("GET", `/api/apps/${app}${path}`)).data as T
const status = () => api<{ status: string; message: string; replicas_running: number; rollout: Rollout }>("/status")

/** Sets up what goes wrong, then pushes a commit to which it happens. */
async function prepare(mood: string, settings: Settings): Promise<void> {
  await changeSettings(ada, app, { check: { ...PATIENT.check, ...settings.check }, rollout: { settle_seconds: 10, ...settings.rollout } })
  await changeSettings(ada, app, { release_command: { ...PATIENT.release_command, ...settings.release_command } })
  expect((await ada.api.call("POST", `/api/apps/${app}/configs`, { configs: { MOOD: mood } })).status).toBe(201)
  repository.commit(`moody: ${mood}`)
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${platform.url}/sign-in`)
  await page.getByLabel("E-mail").fill(ada.email)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL(({ pathname }) => !pathname.startsWith("/sign-in"))
}

async function expectOnPage(page: Page, sentence: string): Promise<void> {
  await signIn(page)
  await page.goto(`${platform.url}/apps/${app}`)
  await expect(page.getByText(sentence).first()).toBeVisible()
}

const OUTCOMES: Array<[what: string, mood: string, settings: Settings, words: string[], lastStep: string]> = [
  ["never gets healthy", "deaf", { check: { kind: "tcp", grace_seconds: 4 } }, ["No replica gave a connection", "0.0.0.0"], "checking"],
  ["crashes after it passed its first check", "crash", {}, ["crashed soon after it took the traffic", "exit code 1"], "settling"],
  ["needs more memory than its size", "hungry", {}, ["needed more memory than its size 0.5 allows (500 MB)"], "checking"],
  [
    "has a release command that fails",
    "well",
    { release_command: { command: "echo migrating $MOOD; echo no such table; exit 3", time_limit_seconds: 60 } },
    ["The release command ended with exit code 3: its last lines say why."],
    "releasing",
  ],
  [
    "has a release command that passes its limit",
    "well",
    { release_command: { command: "echo migrating for long; sleep 600", time_limit_seconds: 5 } },
    ["The release command took longer than its time limit of 5 seconds and was ended: give it a longer one."],
    "releasing",
  ],
]

for (const [what, mood, settings, words, lastStep] of OUTCOMES) {
  test(`a release that ${what} is taken back, and says so in one sentence everywhere`, async ({ page }) => {
    await prepare(mood, settings)
    const before = (await status()).rollout.serving_version
    const load = startLoad(platform.appsPort, app, REQUESTS_A_SECOND, "/")
    const { code, output } = await push(repository, ada.remote(app)).ended
    const { asked, failures } = await load.stop()
    console.log(`${what}: ${failures.length} of ${asked} requests failed`)
    expect(failures).toEqual([])

    const { status: state, message, rollout } = await status()
    expect(rollout).toMatchObject({ state: "reverted", serving_version: before })
    for (const word of words) expect(rollout.reason).toContain(word)
    expect(rollout.steps.findLast(({ name }) => name !== "reverting" && name !== "reverted")).toMatchObject({
      name: lastStep,
      reason: rollout.reason,
    })
    expect((await api<Rollout[]>("/rollouts"))[0]).toMatchObject({ id: rollout.id, state: "reverted", reason: rollout.reason })
    expect([state, message]).toEqual(["healthy", `v${before} serves on 1 replica. v${rollout.version} was taken back: ${rollout.reason}`])

    // The commit is kept: what failed is its rollout.
    expect(code, output).toBe(0)
    expect(output).toContain(rollout.reason)
    expect(output).toContain(`v${rollout.version} was taken back`)
    expect(output).toContain(`What ran before goes on: v${before} serves.`)
    await expectOnPage(page, rollout.reason)
    expect(await askApp(platform.appsPort, app)).toEqual({ status: 200, text: "in a good mood\n" })
  })
}

test("a release command prints into the push, the log and the rollout", async () => {
  await prepare("well", { release_command: { command: "echo migrating as $APP_NAME; exit 1", time_limit_seconds: 60 } })
  const { output } = await push(repository, ada.remote(app)).ended
  expect(output).toContain("Release command: echo migrating as $APP_NAME; exit 1 (at most 1 minute)")
  expect(output).toMatch(new RegExp(`remote: +migrating as ${app}`))
  expect((await status()).rollout.last_lines).toEqual([`migrating as ${app}`])
  expect((await ada.api.call("GET", `/api/apps/${app}/logs?num_lines=500&follow=False`)).text).toContain(`migrating as ${app}`)
})

test("a rollout that a person cancels goes back, and says who it was", async ({ page }) => {
  await prepare("deaf", {})
  const before = (await status()).rollout.serving_version
  const load = startLoad(platform.appsPort, app, REQUESTS_A_SECOND, "/")
  const pushing = push(repository, ada.remote(app))
  const { id } = await until("replicas of it start", async () => {
    const { rollout } = await status()
    return rollout.steps.at(-1)?.name === "checking" && rollout
  })
  expect((await ada.api.call("POST", `/api/apps/${app}/rollouts/current/cancel`)).status).toBe(202)
  const { output } = await pushing.ended
  expect((await load.stop()).failures).toEqual([])
  const sentence = `Cancelled by ${ada.email}.`
  const { message, rollout } = await status()
  expect(rollout).toMatchObject({ id, state: "cancelled", reason: sentence, serving_version: before })
  expect(message).toBe(`v${before} serves on 1 replica. The rollout of v${rollout.version} was cancelled.`)
  expect(output).toContain(sentence)
  expect((await ada.api.call("POST", `/api/apps/${app}/rollouts/${id}/cancel`)).status).toBe(409)
  await expectOnPage(page, sentence)
})

test("a good release afterwards goes live, release command and all", async () => {
  await prepare("well", { rollout: { settle_seconds: 1 }, release_command: { command: "echo all good", time_limit_seconds: 60 } })
  const { output } = await push(repository, ada.remote(app)).ended
  expect(output).toMatch(/all good[\s\S]*It succeeded[\s\S]*Live at[\s\S]*runs\./)
  expect((await status()).rollout).toMatchObject({ state: "settled" })
})
