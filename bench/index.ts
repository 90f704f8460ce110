import { setUpOperator } from "../e2e/support/operator"
import type { Person } from "../e2e/support/people"
import { type Platform, startPlatform, stopPlatform } from "../e2e/support/platform"
import { measureDeploys } from "./deploy"
import type { Figure } from "./figure"
import { measureRest } from "./rest"
import { measureRollouts } from "./rollouts"
import { measureRouter } from "./router"

/** What `npm run bench` measures; `npm run bench -- router` only what is named. */
const parts: Record<string, () => Promise<Figure[]>> = {
  deploys: () => onPlatform(measureDeploys),
  rollouts: () => onPlatform(measureRollouts),
  rest: () => onPlatform(measureRest),
  router: measureRouter,
}

await main(process.argv.slice(2))

async function main(named: string[]): Promise<void> {
  const unknown = named.find((name) => !(name in parts))
  if (unknown) throw new Error(`there is no part ${unknown}: ${Object.keys(parts).join(", ")}`)
  for (const [name, measure] of Object.entries(parts)) {
    if (named.length === 0 || named.includes(name)) print(await measure())
  }
}

/** Each part has a platform of its own: what one left running must not weigh on the next. */
async function onPlatform(measure: (platform: Platform, person: Person) => Promise<Figure[]>): Promise<Figure[]> {
  const platform = await startPlatform()
  try {
    return await measure(platform, await setUpOperator(platform))
  } finally {
    await stopPlatform(platform)
  }
}

function print(figures: Figure[]): void {
  const rows = figures.map(({ ratio, ...figure }) => [figure.what, { ...figure, ratio: ratio === null ? "" : ratio.toFixed(2) }] as const)
  console.table(Object.fromEntries(rows), ["ours", "theirs", "ratio", "aim"])
}
