import { type Browser, expect, type Page, test } from "@playwright/test"
import { type Answer, askApp } from "./support/api"
import { repositoryOf, typed } from "./support/git"
import { look } from "./support/looks"
import { OPERATOR, setUpIn } from "./support/operator"
import { codeFor, PASSWORD, type Person, personOf, until } from "./support/people"
import { type Platform, startPlatform, stopPlatform } from "./support/platform"

const APP = "first-steps"
const DEPLOYS = { timeout: 90_000 }

let platform: Platform
test.beforeAll(async () => {
  platform = await startPlatform()
})
test.afterAll(() => stopPlatform(platform))

const answers = (what: string, is: (answer: Answer) => boolean) =>
  until(`${APP} to answer ${what}`, async () => is(await askApp(platform.appsPort, APP)))

/** By the side bar, as one goes from page to page of an app. */
const goTo = async (page: Page, name: string) => {
  await page
    .getByRole("list", { name: `Pages of ${APP}` })
    .getByRole("link", { name, exact: true })
    .click()
  await page.getByRole("heading", { level: 1 }).waitFor()
}

test("a newcomer sets up, pushes an app, changes it, and takes it down again", async ({ page, context, browser }, info) => {
  test.setTimeout(900_000)
  await context.grantPermissions(["clipboard-read", "clipboard-write"])
  await page.emulateMedia({ reducedMotion: "reduce" })
  const errors: string[] = []
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`))
  let operator: Person | undefined

  await test.step("the link of the first start makes the account and its first key", async () => {
    await page.goto(platform.setupLink ?? "")
    await look(page, info, "set-up")
    const key = await setUpIn(page, platform.setupLink ?? "")
    operator = personOf(platform.url, OPERATOR, key)
    await look(page, info, "first-key")
    await page.getByRole("link", { name: "Go on to your apps" }).click()
    await expect(page.getByText("Run your first app")).toBeVisible()
    await look(page, info, "no-apps")
  })

  await test.step("the link works once", async () => {
    const other = await (await browser.newContext()).newPage()
    await other.goto(platform.setupLink ?? "")
    await expect(other.getByText("This Phial is set up")).toBeVisible()
    await look(other, info, "set-up-used")
    await other.context().close()
  })

  await test.step("a new app's name is checked while it is typed", async () => {
    await page.getByRole("link", { name: "Create an app" }).click()
    const name = page.getByLabel("Name", { exact: true })
    await expect(page.getByText("is free.")).toBeVisible()
    await name.fill("1-x!")
    await expect(page.getByRole("status").filter({ hasText: "starts with a letter" })).toBeVisible()
    await look(page, info, "new-app")
    await name.fill(APP)
    await expect(page.getByText(`${APP} is free.`)).toBeVisible()
    await page.getByRole("button", { name: "Create the app" }).click()
    await expect(page.getByRole("heading", { name: `${APP} is ready for its first push` })).toBeVisible()
  })

  await test.step("the commands on the page push a real project, and the page turns into its build", async () => {
    await page.getByRole("button", { name: "Create an API key" }).click()
    await expect(page.getByText("It is in the commands below")).toBeVisible()
    await look(page, info, "first-push")
    await page.getByRole("button", { name: "Copy the commands" }).click()
    const commands = (await page.evaluate(() => navigator.clipboard.readText())).split("\n")
    const repository = repositoryOf("counter")
    const [remote = "", push = ""] = commands
    expect(await typed(repository, remote).ended).toMatchObject({ code: 0 })
    const pushed = typed(repository, push)
    await expect(page.getByRole("heading", { name: "Build 1" })).toBeVisible()
    const output = page.getByRole("region", { name: "Output of build 1" })
    // Whichever line is in sight: phases that are over fold themselves.
    await expect(output.getByText(/Building first-steps|Compiling|Generated|Packing the slug/).first()).toBeVisible()
    await expect(page.getByText("It made v3, which was rolled out")).toBeVisible(DEPLOYS)
    // What it says is so: no waiting here.
    expect(await askApp(platform.appsPort, APP)).toMatchObject({ status: 200, text: "hello from version 1\n" })
    const { code, output: told } = await pushed.ended
    expect(code, told).toBe(0)
    expect(told).toMatch(/live at/i)
    await look(page, info, "build")
    await page.getByRole("button", { name: "Unfold all phases" }).click()
    await look(page, info, "build-unfolded")
  })

  await test.step("the overview says that it is well and opens it", async () => {
    await goTo(page, "Overview")
    await expect(page.getByText("v3 serves on 1 replica.")).toBeVisible()
    await look(page, info, "overview")
    const [opened] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: /^Open/ }).click()])
    await expect(opened.getByText("hello from version 1")).toBeVisible()
    await opened.close()
  })

  await test.step("a changed config reaches the app", async () => {
    await goTo(page, "Config")
    await page.getByRole("button", { name: /^Add/ }).first().click()
    await page.getByLabel("Key", { exact: true }).fill("GREETING")
    await page.getByLabel("Value", { exact: true }).fill("good day")
    await look(page, info, "config-add")
    await page.getByRole("button", { name: "Put it with the changes" }).click()
    await look(page, info, "config-staged")
    await page.getByRole("region", { name: "Changes" }).getByRole("button", { name: "Apply" }).click()
    await answers("with the new value", ({ text }) => text === "good day from version 1\n")
    await expect(page.getByRole("button", { name: "Show the value of GREETING" })).toBeVisible()
    await page.getByRole("button", { name: "Show the value of GREETING" }).click()
    await expect(page.getByText("good day", { exact: true })).toBeVisible()
    await look(page, info, "config")
  })

  await test.step("a roll back brings the release of before", async () => {
    await goTo(page, "Releases")
    await expect(page.getByRole("link", { name: "v4", exact: true })).toBeVisible()
    await expect(page.getByRole("link", { name: "Roll back to v3" })).toBeVisible(DEPLOYS)
    await look(page, info, "releases")
    await page.getByRole("link", { name: "Roll back to v3" }).click()
    const dialog = page.getByRole("alertdialog", { name: "Roll back to v3?" })
    await expect(dialog.getByText("GREETING")).toBeVisible()
    await look(page, info, "roll-back")
    await dialog.getByRole("button", { name: "Roll back" }).click()
    await answers("as before", ({ text }) => text === "hello from version 1\n")
    await look(page, info, "release")
  })

  await test.step("scaling to two, to none, and back", async () => {
    await goTo(page, "Scale")
    const scaleTo = async (replicas: number, words: string) => {
      await page.getByLabel("Replicas", { exact: true }).fill(String(replicas))
      await page.getByRole("button", { name: "Apply" }).click()
      await expect(page.getByText(words)).toBeVisible(DEPLOYS)
    }
    await page.getByLabel("Replicas", { exact: true }).fill("2")
    await look(page, info, "scale")
    await scaleTo(2, "2 of 2 replicas healthy")
    await scaleTo(0, "0 of 0 replicas healthy")
    await answers("that it is scaled to zero", ({ status }) => status === 503)
    const asleep = await context.newPage()
    await asleep.goto(`http://${APP}.localhost:${platform.appsPort}/`)
    await expect(asleep.getByText(/zero/i).first()).toBeVisible()
    await asleep.close()
    await goTo(page, "Overview")
    await look(page, info, "overview-asleep")
    await goTo(page, "Scale")
    await scaleTo(1, "1 of 1 replica healthy")
    await answers("again", ({ status }) => status === 200)
  })

  await test.step("the log shows what the app prints, as it prints it", async () => {
    await goTo(page, "Logs")
    const log = page.getByRole("region", { name: `Log of ${APP}` })
    await expect(log.getByText(/counter starts on port 4000/).last()).toBeVisible()
    const pods = (await operator?.api.call("GET", `/api/apps/${APP}/status`))?.data as { pods: Array<{ name: string }> }
    expect((await operator?.api.call("PUT", `/api/apps/${APP}/restart`))?.status).toBe(200)
    await page
      .getByRole("searchbox")
      .or(page.getByPlaceholder(/search|filter/i))
      .first()
      .fill("ended with exit code")
    await expect(log.getByText(new RegExp(`on host '${pods.pods[0]?.name}' ended`)).last()).toBeVisible(DEPLOYS)
    await look(page, info, "logs")
  })

  await test.step("settings are kept, and maintenance goes on and off", async () => {
    await goTo(page, "Settings")
    await look(page, info, "settings")
    await page.getByText("HTTP path", { exact: true }).click()
    await page.getByLabel("Path", { exact: true }).fill("/healthz")
    await page.getByRole("button", { name: "Save" }).first().click()
    await expect(page.getByText("The health check is changed")).toBeVisible()
    const maintenance = page.getByRole("switch", { name: "Maintenance" })
    await maintenance.click()
    await answers("that it is in maintenance", ({ status, text }) => status === 503 && /maintenance/i.test(text))
    await expect(maintenance).toBeChecked()
    await maintenance.click()
    await answers("again", ({ status }) => status === 200)
  })

  await test.step("the account has its keys; signing out ends the session, signing in makes another", async () => {
    await page.getByRole("button", { name: `Account of ${OPERATOR}` }).click()
    await page.getByRole("menuitem", { name: "Account and keys" }).click()
    await expect(page.getByText(`Push to ${APP}`)).toBeVisible()
    await look(page, info, "account")
    await page.getByRole("button", { name: `Account of ${OPERATOR}` }).click()
    await page.getByRole("menuitem", { name: "Sign out" }).click()
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible()
    await page.goto(`${platform.url}/apps/${APP}`)
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible()
    await look(page, info, "sign-in")
    await page.getByLabel("E-mail").fill(OPERATOR)
    await page.getByLabel("Password", { exact: true }).fill("not the password")
    await page.getByRole("button", { name: "Sign in" }).click()
    await expect(page.getByRole("alert").first()).toBeVisible()
    await look(page, info, "sign-in-wrong")
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in" }).click()
    await expect(page.getByRole("link", { name: APP }).first()).toBeVisible()
    await look(page, info, "apps")
  })

  await test.step("a second person signs up with the mailed code, and does not see the app", () => signUpAnother(browser, info))

  await test.step("the app is deleted by typing its name", async () => {
    await page.getByRole("link", { name: APP }).first().click()
    await goTo(page, "Settings")
    await page.getByRole("button", { name: "Delete the app" }).click()
    const dialog = page.getByRole("alertdialog", { name: `Delete ${APP}?` })
    await dialog.getByLabel(/^Type/).fill(APP)
    await look(page, info, "delete")
    await dialog.getByRole("button", { name: "Delete the app" }).click()
    await expect(page.getByText("Run your first app")).toBeVisible()
    await answers("that there is no such app", ({ status }) => status === 404)
    await page.goto(`${platform.url}/apps/${APP}`)
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
    await look(page, info, "app-not-found")
  })

  expect(errors).toEqual([])
})

async function signUpAnother(browser: Browser, info: Parameters<typeof look>[1]): Promise<void> {
  const email = "grace@example.com"
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${platform.url}/sign-up`)
  await look(page, info, "sign-up")
  await page.getByLabel("E-mail").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Mail me a code" }).click()
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible()
  await look(page, info, "confirm")
  await page.getByLabel("Code").fill(await codeFor(platform.home, email))
  await page.getByRole("button", { name: "Confirm and sign in" }).click()
  await page.getByRole("link", { name: "Go on to your apps" }).click()
  await expect(page.getByText("Run your first app")).toBeVisible()
  await page.goto(`${platform.url}/apps/${APP}`)
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(APP)
  await page.context().close()
}
