import AxeBuilder from "@axe-core/playwright"
import { expect, type Page, type TestInfo } from "@playwright/test"

const WIDTHS = [1440, 375]
const SCHEMES = ["light", "dark"] as const
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

/** Looks at a page as it is, wide and narrow, light and dark: no violation of WCAG 2.2 AA, nothing wider than the screen, a picture of each. */
export async function look(page: Page, test: TestInfo, name: string): Promise<void> {
  // The title of a page that was just come to is streamed behind the page.
  await expect(page).toHaveTitle(/./)
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 375 ? 812 : 900 })
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
      await page.locator(`html[data-theme=${colorScheme}]`).waitFor({ state: "attached" })
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
      const found = violations.map(
        ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html.slice(0, 200)).join("\n  ")}`,
      )
      expect.soft(found, `${name}, ${width} wide, ${colorScheme}`).toEqual([])
      await page.screenshot({ path: test.outputPath(`${name}-${width}-${colorScheme}.png`) })
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect.soft(overflow, `${name}: pixels that do not fit into ${width}`).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}
