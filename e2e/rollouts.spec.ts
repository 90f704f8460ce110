import { expect, type Page, test } from "@playwright/test"
import { askApp } from "./support/api"
import { push, repositoryOf } from "./support/git"
import { look } from "./support/looks"
import { changeSettings, createApp, PASSWORD, type Person, runningPlatform, signUp, until } from "./support/people"

const platform = runningPlatform()
const DEPLOYS = { timeout: 90_000 }
/** Long enough to be looked at, wide and narrow, in both themes. */
const RELEASE_COMMAND = "for n in $(seq 1 60); do echo preparing $n; sleep 0.5; done"

test("a person watches rollouts: settings, a held config, each step, a cancel, a failure, and what differs", async ({ page }, info) => {
  test.setTimeout(900_000)
  await page.emulateMedia({ reducedMotion: "reduce" })
  const errors: string[] = []
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`))
  const person = await signUp(platform)
  const app = await createApp(person, { rollout: { settle_seconds: 1 } })
  const first = await push(repositoryOf("counter"), person.remote(app)).ended
  expect(first.code, first.output).toBe(0)
  const answers = (text: string) => until(`${app} to answer ${text}`, async () => (await askApp(platform.appsPort, app)).text === text)
  const path = (...parts: string[]) => [platform.url, "apps", app, ...parts].join("/")
  const steps = page.getByRole("list", { name: "Steps of the rollout" })
  const runningStep = (name: string) => steps.locator("[aria-current=step]").filter({ hasText: name })

  await signInAs(person, page)

  await test.step("settings say what is wrong beside the field, keep what was typed, and go back to the defaults", async () => {
    await page.goto(path("settings"))
    const check = page.getByRole("form", { name: "Health check" })
    await check.getByText("HTTP path", { exact: true }).click()
    await check.getByLabel("Path", { exact: true }).fill("/healthz")
    await check.getByLabel("Expected status").fill("200")
    await check.getByLabel("Asked every").fill("0")
    await check.getByRole("button", { name: "Save" }).click()
    await expect(check.getByText("Asked every is at least 1.")).toBeVisible()
    await expect(check.getByLabel("Path", { exact: true })).toHaveValue("/healthz")
    await look(page, info, "settings-refused")
    await check.getByLabel("Asked every").fill("2")
    await check.getByRole("button", { name: "Save" }).click()
    await expect(page.getByText("The health check is changed")).toBeVisible()
    const rollout = page.getByRole("form", { name: "Rollout" })
    await rollout.getByRole("button", { name: "Back to defaults" }).click()
    await expect(rollout.getByLabel("Watch for")).toHaveValue("10")
    await rollout.getByLabel("Watch for").fill("2")
    await rollout.getByText("Hold until the next deploy").click()
    await rollout.getByRole("button", { name: "Save" }).click()
    await expect(page.getByText("The rollout is changed")).toBeVisible()
    const command = page.getByRole("form", { name: "Release command" })
    await command.getByRole("button", { name: "Ecto migrations" }).click()
    await expect(command.getByLabel("Command", { exact: true })).toHaveValue("gigalixir_run migrate")
    await command.getByLabel("Command", { exact: true }).fill(RELEASE_COMMAND)
    await command.getByRole("button", { name: "Save" }).click()
    await expect(page.getByText("The release command is changed")).toBeVisible()
    expect((await person.api.call("GET", `/api/apps/${app}/settings`)).data).toMatchObject({
      check: { kind: "http", path: "/healthz", expected_status: "200", interval_seconds: 2 },
      rollout: { settle_seconds: 2, config_changes: "next_deploy" },
      release_command: { command: RELEASE_COMMAND, time_limit_seconds: 600 },
    })
  })

  await test.step("a changed config is held, and the pages say so", async () => {
    await page.goto(path("config"))
    await page.getByRole("button", { name: /^Add/ }).first().click()
    await page.getByLabel("Key", { exact: true }).fill("GREETING")
    await page.getByLabel("Value", { exact: true }).fill("good day")
    await page.getByRole("button", { name: "Put it with the changes" }).click()
    await look(page, info, "config-to-hold")
    await page.getByRole("region", { name: "Changes" }).getByRole("button", { name: "Hold until the next deploy" }).click()
    await expect(page.getByText("1 key of v4 differs from v3, which runs.")).toBeVisible()
    await look(page, info, "config-held")
    expect((await askApp(platform.appsPort, app)).text).toBe("hello from version 1\n")
    await page.goto(path())
    await expect(page.getByText("1 key of v4 differs from v3, which runs.")).toBeVisible()
    await look(page, info, "overview-held")
  })

  await test.step("it is applied with a click, and every step shows as it comes", async () => {
    const seen = await stepsSeen(page)
    await page.getByRole("button", { name: "Apply now" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Apply now" }).click()
    await expect(runningStep("Release command")).toBeVisible(DEPLOYS)
    await expect(page.getByRole("region", { name: "Output of the release command" })).toContainText("preparing 3")
    await look(page, info, "overview-releasing")
    await expect(page.getByText("v4 serves on 1 replica.")).toBeVisible(DEPLOYS)
    await answers("good day from version 1\n")
    const names = await seen()
    expect(names[0]).toMatch(/Waiting for its turn|Release command/)
    expect(names).toContain("Watching that they stay up")
    await expect(page.getByText("which runs.")).toBeHidden()
  })

  await test.step("a rollout that settles is cancelled, and what ran before takes the traffic back", async () => {
    await changeSettings(person, app, {
      rollout: { settle_seconds: 300, config_changes: "now" },
      release_command: { command: "" },
    })
    await person.api.call("POST", `/api/apps/${app}/configs`, { configs: { GREETING: "bad idea" } })
    await expect(runningStep("Watching that they stay up")).toBeVisible(DEPLOYS)
    await answers("bad idea from version 1\n")
    await look(page, info, "overview-settling")
    await page.getByRole("button", { name: "Cancel the rollout of v5" }).click()
    const dialog = page.getByRole("alertdialog", { name: "Cancel the rollout of v5?" })
    await expect(dialog.getByText("what ran before takes it back")).toBeVisible()
    await look(page, info, "cancel-rollout")
    await dialog.getByRole("button", { name: "Cancel the rollout" }).click()
    await expect(page.getByText(`Cancelled by ${person.email}.`).first()).toBeVisible()
    await answers("good day from version 1\n")
    await expect(page.getByText("v4 serves.")).toBeVisible(DEPLOYS)
    await look(page, info, "overview-cancelled")
  })

  await test.step("a release command that fails stops the rollout, and its output says why", async () => {
    await changeSettings(person, app, { rollout: { settle_seconds: 1 }, release_command: { command: "echo no such table; exit 3" } })
    await person.api.call("POST", `/api/apps/${app}/configs`, { configs: { GREETING: "good evening" } })
    await expect(page.getByText("v6 was taken back.").first()).toBeVisible(DEPLOYS)
    await expect(page.getByRole("region", { name: "Output of the release command" })).toContainText("no such table")
    await expect(page.getByText("v6 does not run")).toBeVisible()
    await look(page, info, "overview-taken-back")
    expect((await askApp(platform.appsPort, app)).text).toBe("good day from version 1\n")
  })

  await test.step("two releases are chosen from the time line and stand side by side", async () => {
    await page.goto(path("releases"))
    await page.getByRole("button", { name: "Compare", exact: true }).click()
    await page.getByRole("checkbox", { name: "Compare v3" }).check()
    await page.getByRole("checkbox", { name: "Compare v4" }).check()
    await look(page, info, "releases-compare")
    await page.getByRole("link", { name: "Compare v3 and v4" }).click()
    await expect(page.getByText("The same slug; 1 key of the config differs.")).toBeVisible()
    await expect(page.getByRole("region", { name: "Config" }).getByText("GREETING")).toBeVisible()
    await look(page, info, "compare")
    await page.getByText("Everything", { exact: true }).click()
    await expect(page.getByText("Elixir", { exact: true })).toBeVisible()
    await look(page, info, "compare-everything")
    await page.getByRole("button", { name: "Swap them" }).click()
    await expect(page).toHaveURL(/from=v4&to=v3/)
    await expect(page.getByRole("region", { name: "Config" }).getByText("removed")).toBeVisible()
  })

  await test.step("scaling to zero is undone with a click", async () => {
    await page.goto(path())
    await page.getByRole("button", { name: "Scale to zero" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Scale to zero" }).click()
    await expect(page.getByRole("button", { name: "Bring back 1 replica" })).toBeVisible(DEPLOYS)
    await look(page, info, "overview-zero")
    await page.getByRole("button", { name: "Bring back 1 replica" }).click()
    await answers("good day from version 1\n")
  })

  expect(errors).toEqual([])
})

async function signInAs({ email }: Person, page: Page): Promise<void> {
  await page.goto(`${platform.url}/sign-in`)
  await page.getByLabel("E-mail").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL(`${platform.url}/apps`)
}

/** Notes every step that runs from now on. @returns their names so far, in the order they came. */
async function stepsSeen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { stepsSeen: seen })
    const note = () => {
      const name = document.querySelector("[aria-label='Steps of the rollout'] [aria-current=step]")?.textContent?.split(",")[0]
      if (name && name !== seen.at(-1)) seen.push(name)
    }
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true, attributes: true })
  })
  return () => page.evaluate(() => (window as unknown as { stepsSeen: string[] }).stepsSeen)
}
