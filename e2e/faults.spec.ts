import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { buildState, oneOffState, rolloutState } from "../db/schema"
import { Faults, type Lane, patiently } from "./support/faults"
import { push, type Repository, repositoryOf, tipOf } from "./support/git"
import { type Load, startLoad } from "./support/load"
import { thingsOf } from "./support/machine"
import { setUpOperator } from "./support/operator"
import { changeSettings, createApp, type Person, type Settings, until } from "./support/people"
import { startPlatform, stopPlatform } from "./support/platform"

/** Of each app that serves. */
const PER_SECOND = 20
/** Everything that a step waits for is short: what is tried here is what happens between the waits. */
const QUICK = { rollout: { settle_seconds: 1, drain_seconds: 2 }, check: { interval_seconds: 1 } }
/** A config that a build does not mind, and with which the release finds nothing to start. */
const broken = (nonce: string) => ({ RELEASE_VSN: nonce })

/** The cluster moves the traffic at once: the step is noted down with the one that follows, and no row ever stands at it. */
const WITHOUT_A_WRITE = "rollouts.shifting"

/** One step may be struck ten times before it is passed. */
const MANY_KILLS_SECONDS = 300

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

async function newApp(settings: Settings = QUICK): Promise<App> {
  const name = await createApp(operator, settings)
  const [row] = await faults.points.sql`select id, number from apps where name = ${name}`
  return { id: row?.id, number: row?.number, name }
}

async function deployed(settings: Settings = QUICK): Promise<App> {
  const app = await newApp(settings)
  const { code, output } = await push(repositoryOf("counter"), operator.remote(app.name)).ended
  expect(code, output).toBe(0)
  return app
}

type Table = "rollouts" | "builds" | "releases" | "one_offs" | "replicas"

/** Oldest first. */
const rowsOf = (app: App, table: Table) => {
  const { sql } = faults.points
  return patiently(
    () => sql`select * from ${sql(table)} where app_id = ${app.id} order by ${sql(table === "replicas" ? "started_at" : "created_at")}`,
  )
}

/** As a person does: who gets no answer looks whether it was done, and asks again if not. */
async function surely(ask: () => Promise<{ status: number; text: string }>, isDone: () => Promise<boolean>): Promise<void> {
  await until(
    "an answer",
    async () => {
      const answer = await ask().catch(() => null)
      if (answer && answer.status < 300) return true
      if (answer && answer.status < 500) throw new Error(`${answer.status} ${answer.text}`)
      return isDone()
    },
    MANY_KILLS_SECONDS,
  )
}

let serial = 0
const nonce = () => `n${++serial}`

/** @returns the one row that asking made. */
async function made(app: App, table: Table, path: string, body: unknown): Promise<string> {
  const before = (await rowsOf(app, table)).length
  const isDone = async () => (await rowsOf(app, table)).length > before
  await surely(() => operator.api.call("POST", `/api/apps/${app.name}/${path}`, body), isDone)
  const rows = await rowsOf(app, table)
  expect(rows.length, `one of ${table} for one wish`).toBe(before + 1)
  return rows.at(-1)?.id
}

const configured = (app: App, configs: Record<string, string>) => made(app, "rollouts", "configs", { configs })

/** How often an app printed a line. */
async function printed(app: App, line: string): Promise<number> {
  const { sql } = faults.points
  const [row] = await patiently(() => sql`select count(*)::int as lines from log_lines where app_id = ${app.id} and text = ${line}`)
  return row?.lines
}

async function untilEnded(app: App, table: Table, id: string): Promise<Record<string, unknown>> {
  const row = () => patiently(async () => (await faults.points.sql`select * from ${faults.points.sql(table)} where id = ${id}`)[0])
  return until(
    `the end of ${table} ${id} of ${app.name}`,
    async () => {
      const found = await row()
      return found?.ended_at ? found : null
    },
    MANY_KILLS_SECONDS,
  )
}

/** Nothing is stuck, nothing is doubled, nothing is left. */
async function calm(app: App, replicas: number): Promise<void> {
  const { sql } = faults.points
  const seen = async () => {
    const [row] = await sql`
      with mine as (select ${app.id}::text as key union all select id::text from builds where app_id = ${app.id}
          union all select id from one_offs where app_id = ${app.id})
      select (select coalesce(array_agg(kind || ', ' || attempts || ' times: ' || last_error), '{}')
          from wakes join mine using (key) where attempts > 0) as failing,
        (select count(*)::int from replicas where app_id = ${app.id} and ended_at is null) as replicas,
        (select count(*)::int from rollouts where app_id = ${app.id} and ended_at is null) as rollouts,
        (select count(*)::int from builds where app_id = ${app.id} and ended_at is null) as builds,
        (select count(*)::int from one_offs where app_id = ${app.id} and ended_at is null) as "oneOffs"`
    return { ...row, containers: containersOf(app).length, spaces: spacesOf(app).length }
  }
  const wished = { failing: [], replicas, rollouts: 0, builds: 0, oneOffs: 0, containers: replicas, spaces: replicas }
  await expect.poll(() => patiently(seen), { message: app.name, timeout: 120_000 }).toEqual(wished)
}

const containersOf = (app: App) =>
  readdirSync(path.join(faults.platform.home, "containers")).filter((name) => name.startsWith(`${app.name}-`))
const spacesOf = (app: App) => thingsOf(faults.platform.home).filter((name) => name.startsWith("/run/netns/") && name.includes(app.name))

const lanes = {
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
      states: ["rollouts.reverting", "rollouts.reverted"],
      async run() {
        const id = await configured(app, broken(nonce()))
        expect(await untilEnded(app, "rollouts", id)).toMatchObject({ state: "reverted", reason: expect.stringContaining("crashed") })
        await calm(app, 1)
      },
    }
  },

  async "a first release that crashes"() {
    const app = await newApp()
    const configs = await operator.api.call("POST", `/api/apps/${app.name}/configs`, { configs: broken(nonce()) })
    expect(configs.status, configs.text).toBe(201)
    expect((await push(repositoryOf("counter"), operator.remote(app.name)).ended).output).toContain("crashed")
    return {
      ...{ app, serves: false },
      states: ["rollouts.failed"],
      async run() {
        const id = await configured(app, broken(nonce()))
        expect(await untilEnded(app, "rollouts", id)).toMatchObject({ state: "failed", reason: expect.stringContaining("crashed") })
        await calm(app, 0)
      },
    }
  },

  async "a rollout that somebody cancels"() {
    const app = await deployed()
    await operator.api.call("PUT", `/api/apps/${app.name}/scale`, { replicas: 2 })
    await untilEnded(app, "rollouts", (await rowsOf(app, "rollouts")).at(-1)?.id)
    // The second replica would come after ten minutes: until it is cancelled, it cannot end.
    await changeSettings(operator, app.name, { rollout: { wait_seconds: 600 } })
    return {
      ...{ app, serves: true },
      states: ["rollouts.cancelled"],
      async run() {
        const id = await configured(app, { GREETING: nonce() })
        const isStarted = async () =>
          (await rowsOf(app, "replicas")).some((replica) => replica.ended_at === null && replica.release_id === release)
        const release = (await rowsOf(app, "rollouts")).at(-1)?.release_id
        await until("its first replica", isStarted, MANY_KILLS_SECONDS)
        const isAsked = async () => (await rowsOf(app, "rollouts")).at(-1)?.cancel_requested_at !== null
        await surely(() => operator.api.call("POST", `/api/apps/${app.name}/rollouts/${id}/cancel`), isAsked)
        expect(await untilEnded(app, "rollouts", id)).toMatchObject({ state: "cancelled", reason: expect.stringContaining("ancelled") })
        await calm(app, 2)
      },
    }
  },

  async "a release command"() {
    const app = await deployed()
    const command = 'echo "ran $GREETING"; case $GREETING in bad*) exit 3;; esac'
    await changeSettings(operator, app.name, { release_command: { command, time_limit_seconds: 60 } })
    let round = 0
    return {
      ...{ app, serves: true },
      states: ["rollouts.releasing", "one_offs.waiting", "one_offs.running", "one_offs.succeeded", "one_offs.failed"],
      async run() {
        const isGood = round++ % 2 === 0
        const value = `${isGood ? "good" : "bad"}-${nonce()}`
        const id = await configured(app, { GREETING: value })
        const reason = isGood ? null : expect.stringContaining("exit code 3")
        expect(await untilEnded(app, "rollouts", id)).toMatchObject({ state: isGood ? "settled" : "reverted", reason })
        await calm(app, 1)
        expect(await printed(app, `ran ${value}`), "how often the release command ran").toBe(1)
      },
    }
  },

  async "a command that somebody cancels"() {
    const app = await deployed()
    return {
      ...{ app, serves: true },
      states: ["one_offs.cancelled"],
      async run() {
        const value = nonce()
        const id = await made(app, "one_offs", "run", { command: ["sh", "-c", `trap exit TERM; echo "ran ${value}"; sleep 600 & wait`] })
        const oneOff = async () => (await rowsOf(app, "one_offs")).at(-1)
        await until(
          "its start",
          async () => (await oneOff())?.state === "running" && (await printed(app, `ran ${value}`)) > 0,
          MANY_KILLS_SECONDS,
        )
        const isAsked = async () => (await oneOff())?.cancel_requested_at !== null
        await surely(() => operator.api.call("POST", `/api/apps/${app.name}/one_offs/${id}/cancel`), isAsked)
        expect(await untilEnded(app, "one_offs", id)).toMatchObject({ state: "cancelled" })
        await calm(app, 1)
        expect(await printed(app, `ran ${value}`), "how often the command ran").toBe(1)
      },
    }
  },

  async "builds, and hot upgrades"() {
    const app = await deployed()
    const repository = repositoryOf("counter")
    const kinds = ["good", "hot", "cancelled", "broken"] as const
    let round = 0
    return {
      ...{ app, serves: true },
      states: ["builds.queued", "builds.building", "builds.succeeded", "builds.failed", "builds.cancelled", "rollouts.upgrading"],
      async run() {
        const kind = kinds[round++ % kinds.length] ?? "good"
        const source = kind === "broken" ? repositoryOf("broken") : repository
        appendFileSync(path.join(source.dir, "README.md"), `${nonce()}\n`)
        if (kind === "hot") changeVersion(source, `0.1.${round}`)
        const commit = source.commit("a change")
        await pushed(app, source, commit, kind)
        await calm(app, 1)
      },
    }
  },
} satisfies Record<string, () => Promise<Lane & { serves: boolean }>>

function changeVersion({ dir }: Repository, version: string): void {
  const file = path.join(dir, "mix.exs")
  writeFileSync(file, readFileSync(file, "utf8").replace(/version: "[^"]*"/, `version: "${version}"`))
}

/** Pushes once; who is cut off because the dashboard was killed pushes again, and joins what goes on. */
async function pushed(app: App, source: Repository, commit: string, kind: "good" | "hot" | "broken" | "cancelled"): Promise<void> {
  const began = Date.now()
  const releases = (await rowsOf(app, "releases")).length
  const begin = () => {
    const pushing = { ...push(source, operator.remote(app.name), "+main", kind === "hot" ? ["GIGALIXIR-HOT: true"] : []), isOver: false }
    void pushing.ended.then(() => {
      pushing.isOver = true
    })
    return pushing
  }
  let pushing = begin()
  const buildOf = async () => (await rowsOf(app, "builds")).filter((build) => build.commit === commit)
  const build = await until(
    "the build",
    async () => {
      // Cut off before all of it had come in: nothing of it is kept, and who pushed sees that.
      const { isOver } = pushing
      const found = (await buildOf()).at(-1)
      if (!found && isOver) pushing = begin()
      return found
    },
    MANY_KILLS_SECONDS,
  )
  if (kind === "cancelled") {
    const isAsked = async () => (await buildOf()).at(-1)?.cancel_requested_at !== null
    await until("its start", async () => (await buildOf()).at(-1)?.state !== "queued", MANY_KILLS_SECONDS)
    await surely(() => operator.api.call("POST", `/api/apps/${app.name}/builds/${build.number}/cancel`), isAsked)
  }
  const { code, output } = await pushing.ended
  const wasCut = faults.wasKilled(["web", "start"], began)
  const ended = await untilEnded(app, "builds", build.id)
  const isGood = kind === "good" || kind === "hot"
  const wished = { good: "succeeded", hot: "succeeded", broken: "failed", cancelled: "cancelled" }[kind]
  expect(ended.state, `${ended.reason}\n${output}`).toBe(wished)
  expect(await buildOf(), "one build for one push").toHaveLength(1)
  if (!wasCut) expect(code === 0, output).toBe(isGood)
  else if (code !== 0 && output.includes("-----> Build")) expect(output).toContain("the build goes on")
  expect((await rowsOf(app, "releases")).length, "one release for one build").toBe(releases + (isGood ? 1 : 0))
  if (!isGood) return
  const rollout = (await rowsOf(app, "rollouts")).at(-1)
  const strategy = kind === "hot" ? { strategy: "hot", fallback_reason: null } : {}
  expect(await untilEnded(app, "rollouts", rollout?.id)).toMatchObject({ state: "settled", ...strategy })
  await until("the branch to follow", () => tipOf(source, operator.remote(app.name)) === commit)
}

test("kill -9 of every part at every step loses nothing, leaves nothing stuck and does nothing twice", async () => {
  test.setTimeout(1_200_000)
  const wanted = (process.env.LANES ?? "").split(",").filter(Boolean)
  const chosen = Object.entries(lanes).filter(([name]) => wanted.length === 0 || wanted.some((one) => name.includes(one)))
  const all = await Promise.all(chosen.map(([, make]) => make()))
  const loads = all
    .filter(({ serves }) => serves)
    .map(({ app }) => startLoad(faults.platform.appsPort, app.name, PER_SECOND, "/healthz", 1200))
  const began = Date.now()
  await faults.drive(all)
  const answers = await Promise.all(loads.map((load: Load) => load.stop()))
  const failures = answers.flatMap((answer) => answer.failures)
  const asked = answers.reduce((sum, answer) => sum + answer.asked, 0)
  const seconds = Math.round((Date.now() - began) / 1000)
  console.log(
    `${faults.kills} kills at ${faults.steps} steps in ${seconds} s: nothing lost, ${failures.length} of ${asked} requests failed`,
  )
  expect(failures).toEqual([])
})

test("kill -9 of the router at every step of a rollout loses nothing, and it is back soon", async () => {
  const lane = await lanes["a config change"]()
  const load = startLoad(faults.platform.appsPort, lane.app.name, PER_SECOND)
  const before = faults.kills
  await faults.drive([lane], ["haproxy"])
  const answers = await load.stop()
  const count = faults.kills - before
  console.log(`${count} kills of the router at every step of a rollout: ${answers.failures.length} of ${answers.asked} requests failed`)
})

test("no state was left out", () => {
  const enums = { rollouts: rolloutState, builds: buildState, one_offs: oneOffState }
  const states = Object.entries(enums).flatMap(([table, { enumValues }]) => enumValues.map((state) => `${table}.${state}`))
  const left = states.filter((state) => state !== WITHOUT_A_WRITE)
  expect(left.flatMap((state) => faults.missing(state))).toEqual([])
})
