import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { askApp } from "../e2e/support/api"
import { push, repositoryOf } from "../e2e/support/git"
import { createApp, type Person, until } from "../e2e/support/people"
import type { Platform } from "../e2e/support/platform"
import { buildAndBootByHand } from "./by-hand"
import type { Figure } from "./figure"
import { type Parts, partsOfPush } from "./push-parts"

const SAMPLE = "counter"
const ROUNDS = 3

/** From `git push` to an answer of the new release, beside the same build and boot by hand; and from a changed config to its answer. */
export async function measureDeploys(platform: Platform, person: Person): Promise<Figure[]> {
  const app = await createApp(person)
  const repository = repositoryOf(SAMPLE)
  const first = await pushUntilLive(platform, person, app, repository)
  const changed: Pushed[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    writeFileSync(path.join(repository.dir, "README.md"), `round ${round}\n`)
    touchSource(repository.dir, round)
    repository.commit(`round ${round}`)
    changed.push(await pushUntilLive(platform, person, app, repository))
  }
  const hand = await rounds(() => buildAndBootByHand(SAMPLE, 4999))
  const byHand = median(hand.map(({ buildSeconds, bootSeconds }) => buildSeconds + bootSeconds))
  const boot = median(hand.map(({ bootSeconds }) => bootSeconds))
  const config = await rounds(async () => {
    await settled(person, app)
    return timed(() => configUntilLive(platform, person, app))
  })
  return [
    figure("first push to live", first.seconds, byHand, "≤ 1.3 × by hand"),
    figure("push of one changed file to live", median(changed.map(({ seconds }) => seconds)), byHand, "≤ 1.3 × by hand, under 10 s"),
    ...partFigures(changed.map(({ parts }) => parts)),
    figure("config change to live", median(config), boot, "≤ boot + 1 s"),
  ]
}

/** The median of each part. */
function partFigures(pushes: readonly Parts[]): Figure[] {
  const names = pushes[0]?.map(([part]) => part) ?? []
  return names.map((name) => {
    const seconds = median(pushes.map((parts) => parts.find(([part]) => part === name)?.[1] ?? 0))
    return { what: `  ${name}`, ours: `${seconds.toFixed(2)} s`, theirs: "", ratio: null, aim: "" }
  })
}

interface Pushed {
  /** Until the push said that it is live; the push itself then watches that it stays so. */
  seconds: number
  parts: Parts
}

async function pushUntilLive(
  platform: Platform,
  person: Person,
  app: string,
  repository: ReturnType<typeof repositoryOf>,
): Promise<Pushed> {
  const begun = Date.now()
  const pushing = push(repository, person.remote(app))
  await until("live", () => /-> Live at /.test(pushing.output()), 120)
  const told = Date.now()
  const { status } = await askApp(platform.appsPort, app)
  if (status !== 200) throw new Error(`the push said live, and the app answers ${status}:\n${pushing.output()}`)
  // The next change would wait for the settle time of this one.
  await pushing.ended
  return { seconds: (told - begun) / 1000, parts: await partsOfPush(person, app, begun, told) }
}

let greetings = 0
async function configUntilLive(platform: Platform, person: Person, app: string): Promise<void> {
  const value = `hello ${++greetings}`
  await person.api.call("POST", `/api/apps/${app}/configs`, { configs: { GREETING: value } })
  await until("the new value", async () => (await askApp(platform.appsPort, app, "/env")).text.includes(value))
}

/** A change waits for the settle time of the one before it: that is not what is measured. */
async function settled(person: Person, app: string): Promise<void> {
  await until("settled", async () => {
    const { data } = await person.api.call("GET", `/api/apps/${app}/status`)
    return (data as { status?: string } | null)?.status === "healthy"
  })
}

function touchSource(dir: string, round: number): void {
  const file = path.join(dir, "lib", `${SAMPLE}.ex`)
  writeFileSync(file, `${readFileSync(file, "utf8")}\n# ${round}\n`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

async function rounds<T>(work: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let round = 0; round < ROUNDS; round++) results.push(await work())
  return results
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function figure(what: string, ours: number, theirs: number, aim: string): Figure {
  return { what, ours: `${ours.toFixed(2)} s`, theirs: `${theirs.toFixed(2)} s`, ratio: ours / theirs, aim }
}
