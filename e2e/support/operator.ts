import { chromium, type Page } from "@playwright/test"
import { PASSWORD, type Person, personOf } from "./people"
import type { Platform } from "./platform"

export const OPERATOR = "operator@example.com"

/** Opens the link that the start printed and makes the operator's account, in the given page. @returns the first API key. */
export async function setUpIn(page: Page, setupLink: string): Promise<string> {
  await page.goto(setupLink)
  await page.getByLabel("E-mail").fill(OPERATOR)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Make my account" }).click()
  await page.getByText("Your account is ready").waitFor()
  return (await page.getByText(/^phial_\S{30,}$/).textContent()) ?? ""
}

/** The same in a browser of its own, for whoever only needs a platform with an operator. */
export async function setUpOperator(platform: Pick<Platform, "url" | "setupLink">): Promise<Person> {
  if (!platform.setupLink) throw new Error("this platform is set up already")
  const browser = await chromium.launch({ executablePath: process.env.PHIAL_CHROMIUM ?? "/usr/bin/chromium" })
  try {
    const key = await setUpIn(await browser.newPage(), platform.setupLink)
    return personOf(platform.url, OPERATOR, key)
  } finally {
    await browser.close()
  }
}
