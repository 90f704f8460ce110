import { push, repositoryOf } from "../e2e/support/git"
import { type Load, startLoad } from "../e2e/support/load"
import { createApp, type Person, SETTLED_SOON, until } from "../e2e/support/people"
import type { Platform } from "../e2e/support/platform"
import { type ByHand, buildByHand, type Running } from "./by-hand"
import type { Figure } from "./figure"

const SAMPLE = "counter"
const PER_SECOND = 1000
const PORT = 4998

/** Requests that fail while one replica is replaced time and again, beside the same app stopped and started by hand. */
export async function measureRollouts(platform: Platform, person: Person): Promise<Figure[]> {
  const app = await createApp(person, SETTLED_SOON)
  const { code, output } = await push(repositoryOf(SAMPLE), person.remote(app)).ended
  if (code !== 0) throw new Error(`the push failed:\n${output}`)
  const changes: Array<[string, () => Promise<unknown>]> = [
    ["restart", () => person.api.call("PUT", `/api/apps/${app}/restart`)],
    ["config", () => person.api.call("POST", `/api/apps/${app}/configs`, { configs: { GREETING: `${Date.now()}` } })],
    ["size", () => person.api.call("PUT", `/api/apps/${app}/scale`, { size: 0.6 })],
    ["rollback", () => person.api.call("POST", `/api/apps/${app}/releases/3/rollback`)],
  ]
  const ours = await underLoad(startLoad(platform.appsPort, app, PER_SECOND), async () => {
    for (const [what, change] of changes) {
      await change()
      await settled(person, app, what)
    }
  })
  const theirs = await rolledByHand(changes.length)
  return [
    {
      what: `failed requests in ${changes.length} rollouts at ${PER_SECOND}/s`,
      ours: `${ours.failures.length} of ${ours.asked}`,
      // It is stopped again as soon as it answers: of all that were asked, their number says nothing.
      theirs: `${theirs.failures.length} by stop and start`,
      ratio: theirs.failures.length > 0 ? ours.failures.length / theirs.failures.length : null,
      aim: "0",
    },
    { what: "p99 of the answers meanwhile", ours: `${ours.p99Ms} ms`, theirs: "", ratio: null, aim: "" },
  ]
}

type Loaded = Awaited<ReturnType<Load["stop"]>>

async function underLoad(load: Load, work: () => Promise<void>): Promise<Loaded> {
  await work().catch(async (error: unknown) => {
    await load.stop()
    throw error
  })
  return load.stop()
}

async function rolledByHand(rounds: number): Promise<Loaded> {
  const app = buildByHand(SAMPLE)
  try {
    let running = await app.start(PORT)
    const loaded = await underLoad(startLoad(PORT, SAMPLE, PER_SECOND), async () => {
      for (let round = 0; round < rounds; round++) running = await restarted(app, running)
    })
    await running.stop()
    return loaded
  } finally {
    app.remove()
  }
}

async function restarted(app: ByHand, running: Running): Promise<Running> {
  await running.stop()
  return app.start(PORT)
}

async function settled(person: Person, app: string, what: string): Promise<void> {
  await until(`${what}: settled`, async () => {
    const { data } = await person.api.call("GET", `/api/apps/${app}/status`)
    return (data as { status?: string } | null)?.status === "healthy"
  })
}
