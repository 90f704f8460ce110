import { appendFileSync, readdirSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { buildState, rolloutState } from "../db/schema"
import { Faults, type Lane, MOMENTS, patiently, VICTIMS } from "./support/faults"
import { push, type Repository, repositoryOf, tipOf } from "./support/git"
import { type Load, startLoad } from "./support/load"
import { thingsOf } from "./support/machine"
import { setUpOperator } from "./support/operator"
import { createApp, type Person, until } from "./support/people"
import { startPlatform, stopPlatform } from "./support/platform"

/** Of each app that serves. */
const PER_SECOND = 20
/** Everything that a step waits for is short: what is tried here is what happens between the waits. */
const QUICK = { rollout: { settle_seconds: 1, drain_seconds: 2 }, check: { interval_seconds: 1 } }
/** A config with which the Erlang VM does not even start. */
const BROKEN = (nonce: string) => ({ ERL_ZFLAGS: `-nonsense ${nonce}` })

let faults: Faults
let operator: Person

test.beforeAll(async () => {
  const platform = await startPlatform()
  operator = await setUpOperator(platform)
  faults = await Faults.on(platform)
})
test.afterAll(async () => {
  await faults.points.close()
  await stopPlatform(faults.platform)
})

interface App {
  id: string
  number: number
  name: string
}

async function newApp(): Promise<App> {
  const name = await createApp(operator, QUICK)
  const [row] = await faults.points.sql`select id, number from apps where name = ${name}`
  return { id: row?.id, number: row?.number, name }
}

async function deployed(): Promise<App> {
  const app = await newApp()
  const { code, output } = await push(repositoryOf("counter"), operator.remote(app.name)).ended
  expect(code, output).toBe(0)
  return app
}

type Table = "rollouts" | "builds" | "releases"

/** Oldest first. */
const rowsOf = (app: App, table: Table) =>
  patiently(() => faults.points.sql`select * from ${faults.points.sql(table)} where app_id = ${app.id} order by created_at`)

/** As a person does: who gets no answer looks whether it was done, and asks again if not. */
async function surely(ask: () => Promise<{ status: number; text: string }>, isDone: () => Promise<boolean>): Promise<void> {
  await until("an answer", async () => {
    const answer = await ask().catch(() => null)
    if (answer && answer.status < 300) return true
    if (answer && answer.status < 500) throw new Error(`${answer.status} ${answer.text}`)
    return isDone()
  })
}

let serial = 0
const nonce = () => `n${++serial}`

/** @returns the one rollout that it made. */
async function configured(app: App, configs: Record<string, string>): Promise<string> {
  const before = (await rowsOf(app, "rollouts")).length
  const isDone = async () => (await rowsOf(app, "rollouts")).length > before
  await surely(() => operator.api.call("POST", `/api/apps/${app.name}/configs`, { configs }), isDone)
  const rollouts = await rowsOf(app, "rollouts")
  expect(rollouts.length, "one rollout for one change").toBe(before + 1)
  return rollouts.at(-1)?.id
}

async function untilEnded(app: App, table: "rollouts" | "builds", id: string): Promise<Record<string, unknown>> {
  const row = () => patiently(async () => (await faults.points.sql`select * from ${faults.points.sql(table)} where id = ${id}`)[0])
  return until(
    `the end of ${table} ${id} of ${app.name}`,
    async () => {
      const found = await row()
      return found?.ended_at ? found : null
    },
    120,
  )
}

/** Nothing is stuck, nothing is doubled, nothing is left. */
async function calm(app: App, replicas: number): Promise<void> {
  const { sql } = faults.points
  const seen = async () => {
    const [row] = await sql`
      select (select attempts from wakes where kind = 'app' and key = ${app.id}) as attempts,
        (select count(*)::int from replicas where app_id = ${app.id} and ended_at is null) as replicas,
        (select count(*)::int from rollouts where app_id = ${app.id} and ended_at is null) as rollouts,
        (select count(*)::int from builds where app_id = ${app.id} and ended_at is null) as builds`
    return { ...row, containers: containersOf(app).length, spaces: spacesOf(app).length }
  }
  const wished = { attempts: 0, replicas, rollouts: 0, builds: 0, containers: replicas, spaces: replicas }
  await expect.poll(() => patiently(seen), { message: app.name, timeout: 60_000 }).toEqual(wished)
}

const containersOf = (app: App) =>
  readdirSync(path.join(faults.platform.home, "containers")).filter((name) => name.startsWith(`${app.name}-`))
const spacesOf = (app: App) => thingsOf(faults.platform.home).filter((name) => name.startsWith("/run/netns/") && name.includes(app.name))

const lanes: Record<string, () => Promise<Lane & { serves: boolean }>> = {
  async "a config change"() {
    const app = await deployed()
    return {
      ...{ app, serves: true },
      states: ["rollouts.waiting", "rollouts.starting", "rollouts.checking", "rollouts.settling", "rollouts.draining", "rollouts.settled"],
      async run() {
        const id = await configured(app, { GREETING: nonce() })
        expect(await untilEnded(app, "rollouts", id)).toMatchObject({ state: "settled", reason: null })
        await calm(app, 1)
      },
    }
  },

  async "a change that waits and is superseded"() {
    const app = await deployed()
    return {
      ...{ app, serves: true },
      states: ["rollouts.superseded"],
      async run() {
        const ids: string[] = []
        for (let change = 0; change < 3; change++) ids.push(await configured(app, { GREETING: nonce() }))
        const states: unknown[] = []
        for (const id of ids) states.push((await untilEnded(app, "rollouts", id)).state)
        expect(states.at(-1)).toBe("settled")
        expect(states.slice(0, -1).every((state) => state === "settled" || state === "superseded")).toBe(true)
        await calm(app, 1)
      },
    }
  },

  async "a release that crashes"() {
    const app = await deployed()
    return {
      ...{ app, serves: true },
      states: ["rollouts.reverting", "rollouts.failed"],
      async run() {
        const id = await configured(app, BROKEN(nonce()))
        expect(await untilEnded(app, "rollouts", id)).toMatchObject({ state: "failed", reason: expect.stringContaining("crashed") })
        await calm(app, 1)
      },
    }
  },

  async builds() {
    const app = await deployed()
    const repository = repositoryOf("counter")
    let round = 0
    return {
      ...{ app, serves: true },
      states: ["builds.queued", "builds.building", "builds.succeeded", "builds.failed", "builds.cancelled"],
      async run() {
        const kind = (["good", "cancelled", "broken"] as const)[round++ % 3] ?? "good"
        const source = kind === "broken" ? repositoryOf("broken") : repository
        appendFileSync(path.join(source.dir, "README.md"), `${nonce()}\n`)
        const commit = source.commit("a change")
        await pushed(app, source, commit, kind)
        await calm(app, 1)
      },
    }
  },
}

/** Pushes once; who is cut off because the dashboard was killed pushes again, and joins what goes on. */
async function pushed(app: App, source: Repository, commit: string, kind: "good" | "broken" | "cancelled"): Promise<void> {
  const began = Date.now()
  const releases = (await rowsOf(app, "releases")).length
  const pushing = push(source, operator.remote(app.name), "+main")
  const buildOf = async () => (await rowsOf(app, "builds")).filter((build) => build.commit === commit)
  const build = await until("the build", async () => (await buildOf()).at(-1))
  if (kind === "cancelled") {
    const isAsked = async () => (await buildOf()).at(-1)?.cancel_requested_at !== null
    await until("its start", async () => (await buildOf()).at(-1)?.attempts > 0)
    await surely(() => operator.api.call("POST", `/api/apps/${app.name}/builds/${build.number}/cancel`), isAsked)
  }
  const { code, output } = await pushing.ended
  const wasCut = faults.wasKilled(["web", "start"], began)
  const ended = await untilEnded(app, "builds", build.id)
  const wished = { good: "succeeded", broken: "failed", cancelled: "cancelled" }[kind]
  expect(ended.state, `${ended.reason}\n${output}`).toBe(wished)
  expect(await buildOf(), "one build for one push").toHaveLength(1)
  if (!wasCut) expect(code === 0, output).toBe(kind === "good")
  else if (code !== 0 && output.includes("-----> Build")) expect(output).toContain("the build goes on")
  expect((await rowsOf(app, "releases")).length, "one release for one build").toBe(releases + (kind === "good" ? 1 : 0))
  if (kind !== "good") return
  const rollout = (await rowsOf(app, "rollouts")).at(-1)
  expect(await untilEnded(app, "rollouts", rollout?.id)).toMatchObject({ state: "settled" })
  await until("the branch to follow", () => tipOf(source, operator.remote(app.name)) === commit)
}

test("kill -9 of every part at every step loses nothing, leaves nothing stuck and does nothing twice", async () => {
  test.setTimeout(1_200_000)
  const wanted = (process.env.LANES ?? "").split(",").filter(Boolean)
  const made: Array<Lane & { serves: boolean }> = []
  for (const [name, make] of Object.entries(lanes))
    if (wanted.length === 0 || wanted.some((one) => name.includes(one))) made.push(await make())
  const loads = made
    .filter(({ serves }) => serves)
    .map(({ app }) => startLoad(faults.platform.appsPort, app.name, PER_SECOND, "/healthz", 1200))
  const began = Date.now()
  await faults.drive(made)
  const answers = await Promise.all(loads.map((load: Load) => load.stop()))
  const failures = answers.flatMap((answer) => answer.failures)
  const asked = answers.reduce((sum, answer) => sum + answer.asked, 0)
  const seconds = Math.round((Date.now() - began) / 1000)
  console.log(
    `${faults.kills} kills at ${faults.steps} steps in ${seconds} s: nothing lost, ${failures.length} of ${asked} requests failed`,
  )
  expect(failures).toEqual([])
})

test("no state was left out", () => {
  const states = [
    ...rolloutState.enumValues.map((state) => `rollouts.${state}`),
    ...buildState.enumValues.map((state) => `builds.${state}`),
  ]
  expect(states.flatMap((state) => faults.missing(state))).toEqual([])
  expect(VICTIMS.length * MOMENTS.length).toBeGreaterThan(0)
})
