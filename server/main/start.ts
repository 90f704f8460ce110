import { execFile } from "node:child_process"
import { mkdirSync, readdirSync } from "node:fs"
import { get } from "node:http"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { z } from "zod"
import { childEnvironment, type Env, readEnv } from "@/server/kernel/env"
import { markOf } from "@/server/kernel/process"
import {
  canRun,
  changesHands,
  dashboardLink,
  endPart,
  faultOfHome,
  type Kept,
  keepRunning,
  livingPart,
  lockHome,
  makeFolders,
  makeSecretKey,
  nodePart,
  type Owner,
  type Part,
  platformUser,
  postgresPart,
  stopPostgres,
  writeMark,
} from "@/server/supervisor"

/** The processes besides PostgreSQL; all are started unless the command names some. */
const PARTS = ["runner", "web", "controller", "logger"] as const
type PartName = (typeof PARTS)[number]

const HEALTHY_WITHIN_MS = 60_000
const POLL_MS = 250

/** Beside this file: the bundles of the parts. */
const bundles = fileURLToPath(new URL(".", import.meta.url))

await main()

async function main(): Promise<void> {
  const env = readEnvOrRefuse()
  const fault = process.platform === "linux" ? faultOfHome(env.home) : "Phial needs Linux: Debian 12 or newer, or Ubuntu."
  if (fault) return refuse(fault)
  if (!(await lockHome(env.home))) {
    const other = livingPart(env.home, "start")
    return refuse(`Phial already runs with this home${other ? ` (process ${other.pid})` : ""}: ${env.url}. End it with: npm run stop`)
  }
  mkdirSync(env.home.root, { recursive: true })
  const owner = chooseOwner(env)
  if (changesHands(env.home, owner)) await stopPostgres(env)
  makeFolders(env.home, owner)
  makeSecretKey(env, owner)
  const self = markOf(process.pid)
  if (self) writeMark(env.home, "start", self)
  await supervise(env, owner)
}

/** Everything is kept running from here on, until a signal asks to end. */
async function supervise(env: Env, owner: Owner | null): Promise<void> {
  const kept = new Map<string, Kept>()
  const keep = (part: Part) => {
    const one = keepRunning(part, (why, delayMs) => say(`${part.name} ended: ${why}; ${startsAgain(delayMs)} (${part.logFile})`))
    kept.set(part.name, one)
    return one
  }
  endOnSignal(kept)
  // What an earlier supervisor left running must not work on a schema that changes below it.
  await Promise.all(PARTS.map((name) => endPart(env.home, name)))
  if (!env.databaseUrl) await keep(postgresPart(env, owner)).firstUp
  const hasAccounts = await bringDatabaseUpToDate(env)
  for (const name of chosenParts()) keep(partOf(env, name, owner))
  await announce(env, owner, hasAccounts)
}

function readEnvOrRefuse(): Env {
  try {
    return readEnv()
  } catch (error) {
    return refuse(error instanceof z.ZodError ? z.prettifyError(error) : wordsOf(error))
  }
}

/** As root all but the runner give root up; where that user cannot read the checkout, nothing does, and we say so. */
function chooseOwner(env: Env): Owner | null {
  // In development Next writes into the checkout, which is its owner's.
  const owner = env.production ? platformUser() : null
  if (!owner || canRun(owner, env, bundles)) return owner
  say(`All of Phial runs as root: the user ${owner.name} cannot read ${env.root}. Clone to a folder that others can read to change that.`)
  return null
}

function partOf(env: Env, name: PartName, owner: Owner | null): Part {
  return nodePart({ env, name, script: path.join(bundles, `${name}.js`), owner: name === "runner" ? null : owner })
}

/** Those that the command names (`npm start -- web controller`), else all; the runner only makes sense as root. */
function chosenParts(): PartName[] {
  const named = process.argv.slice(2)
  const built = new Set(readdirSync(bundles))
  const isRoot = process.getuid?.() === 0
  return PARTS.filter((name) => built.has(`${name}.js`) && (named.length > 0 ? named.includes(name) : name !== "runner" || isRoot))
}

/** @returns whether anybody has an account. */
async function bringDatabaseUpToDate(env: Env): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(bundles, "migrate.js")], {
      cwd: env.root,
      env: childEnvironment({ PHIAL_HOME: env.home.root }),
    })
    return z.object({ hasAccounts: z.boolean() }).parse(JSON.parse(stdout)).hasAccounts
  } catch (error) {
    return refuse(`The database could not be brought up to date: ${wordsOf(error)}`)
  }
}

/** Prints where the dashboard is, once it is there. */
async function announce(env: Env, owner: Owner | null, hasAccounts: boolean): Promise<void> {
  const lacking = await untilHealthy(env)
  if (lacking) say(`Not everything is up yet: ${lacking}`)
  const { url, isSetup } = dashboardLink(env, owner, hasAccounts)
  process.stdout.write(isSetup ? `\n  Phial is up. Make the first account here, once:\n  ${url}\n\n` : `\n  Phial is up: ${url}\n\n`)
}

/** @returns `null` when all is well, else what the health check says when patience ended. */
async function untilHealthy(env: Env): Promise<string | null> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS
  for (;;) {
    const lacking = await askHealth(env)
    if (lacking === null || Date.now() > deadline) return lacking
    await pause(POLL_MS)
  }
}

/** By node:http: `fetch` would keep megabytes of a client in the supervisor for this one question. */
function askHealth({ host, port }: Env): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ host: host === "0.0.0.0" ? "127.0.0.1" : host, port, path: "/healthz", agent: false }, async (answer) => {
      let text = ""
      for await (const chunk of answer.setEncoding("utf8")) text += chunk
      resolve(answer.statusCode === 200 ? null : text)
    })
    request.once("error", (error) => resolve(`the dashboard does not answer (${error.message})`))
  })
}

/** Ends the control plane in order, once; apps and the edge go on without it. A second signal ends us at once. */
function endOnSignal(kept: Map<string, Kept>): void {
  const end = async () => {
    process.once("SIGINT", () => process.exit(130))
    say("Ending; apps go on running.")
    const asking = [...kept.keys()].filter((name) => name !== "runner" && name !== "postgres")
    await Promise.all(asking.map((name) => kept.get(name)?.stop()))
    await kept.get("runner")?.stop()
    await kept.get("postgres")?.stop()
    process.exit(0)
  }
  process.once("SIGINT", () => void end())
  process.once("SIGTERM", () => void end())
}

function startsAgain(delayMs: number): string {
  return delayMs === 0 ? "starts again" : `starts again in ${delayMs / 1000} s`
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`)
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(1)
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
