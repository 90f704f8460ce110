import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import path from "node:path"
import { build } from "esbuild"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { connect } from "@/db/client"
import { bundleOptions } from "@/scripts/bundle.mjs"
import { childEnvironment, type Env, readEnv } from "@/server/kernel/env"
import { isRunning } from "@/server/kernel/process"
import { runningPostmaster } from "@/server/postgres/embedded"
import { livingPart } from "@/server/supervisor"

/** The real bundles on a home of their own: the supervisor with PostgreSQL, and a part that needs neither pages nor root. */
const PART = "logger"
const WITHIN = { timeout: 30_000, interval: 100 }

let bundles: string
let home: string
let env: Env
let port: number
const started: ChildProcess[] = []

beforeAll(async () => {
  mkdirSync("dist", { recursive: true })
  bundles = mkdtempSync(path.resolve("dist/test-"))
  home = mkdtempSync("/tmp/phial-start-")
  port = await freePort()
  env = readEnv({ PHIAL_HOME: home, PHIAL_PORT: String(port), NODE_ENV: "production" })
  await build(bundleOptions(bundles))
})

afterEach(async () => {
  await stopAll()
  for (const supervisor of started.splice(0)) supervisor.kill("SIGKILL")
})

afterAll(() => {
  for (const dir of [bundles, home]) rmSync(dir, { recursive: true, force: true })
})

describe("the supervisor", () => {
  it("starts a part again when it is killed", async () => {
    start()
    const first = await living(PART)
    process.kill(first.pid, "SIGKILL")
    await vi.waitFor(async () => expect((await living(PART)).pid).not.toBe(first.pid), WITHIN)
  })

  it("brings PostgreSQL back when it is killed, with what was written", async () => {
    start()
    await living(PART)
    await query("create table kept (word text)")
    await query("insert into kept values ('still here')")
    const first = postmaster()
    process.kill(first.pid, "SIGKILL")
    await vi.waitFor(() => expect(postmaster().pid).not.toBe(first.pid), WITHIN)
    await vi.waitFor(async () => expect(await query("select word from kept")).toEqual([{ word: "still here" }]), WITHIN)
  })

  it("takes over from one that was killed: PostgreSQL goes on, the part is a new one", async () => {
    const killed = start()
    const part = await living(PART)
    const server = postmaster()
    killed.kill("SIGKILL")
    await ended(killed)
    expect(isRunning(part)).toBe(true)
    start()
    await vi.waitFor(async () => expect((await living(PART)).pid).not.toBe(part.pid), WITHIN)
    expect(isRunning(part)).toBe(false)
    expect(postmaster()).toEqual(server)
  })

  it("refuses to run twice on one home, and says how to end the other", async () => {
    start()
    await living(PART)
    const second = start()
    expect(await ended(second)).toBe(1)
    expect(output(second)).toContain("already runs with this home")
    expect(output(second)).toContain("npm run stop")
  })

  it("leaves nothing running after npm run stop, also when it was killed before", async () => {
    const supervisor = start()
    const part = await living(PART)
    const server = postmaster()
    supervisor.kill("SIGKILL")
    await ended(supervisor)
    await stopAll()
    expect([part, server].filter(isRunning)).toEqual([])
  })

  it("keeps its key from others and makes it once", async () => {
    start()
    await living(PART)
    const key = readFileSync(env.home.secretKeyFile, "utf8")
    await stopAll()
    start()
    await living(PART)
    expect(readFileSync(env.home.secretKeyFile, "utf8")).toBe(key)
    expect(Buffer.from(key, "base64")).toHaveLength(32)
  })
})

const outputs = new WeakMap<ChildProcess, string>()

function start(script = "start.js", args: string[] = [PART]): ChildProcess {
  const child = spawn(process.execPath, [path.join(bundles, script), ...args], {
    env: childEnvironment({ PHIAL_HOME: home, PHIAL_PORT: String(port), NODE_ENV: "production" }),
  })
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => outputs.set(child, output(child) + text))
  if (script === "start.js") started.push(child)
  return child
}

const stopAll = async () => expect(await ended(start("stop.js", []))).toBe(0)

function output(child: ChildProcess): string {
  return outputs.get(child) ?? ""
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once("exit", resolve))
}

function living(name: string) {
  return vi.waitFor(() => {
    const mark = livingPart(env.home, name)
    if (!mark) throw new Error(`${name} is not up: ${started.map(output).join("\n")}`)
    return mark
  }, WITHIN)
}

function postmaster() {
  const server = runningPostmaster(env.home.postgres.data)
  if (!server) throw new Error("PostgreSQL is not up")
  return server
}

async function query(text: string) {
  const connection = connect({ ...env, databaseUrl: null }, { max: 1 })
  return [...(await connection.sql.unsafe(text).finally(connection.close))]
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}
