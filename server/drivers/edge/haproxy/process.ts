import { execFile, spawn } from "node:child_process"
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { promisify } from "node:util"
import { AppError } from "@/server/kernel/errors"
import type { Home } from "@/server/kernel/home"
import type { EdgeFiles } from "./site"
import { ask } from "./socket"
import { writeWhole } from "./state"

const READY_WITHIN_MS = 30_000
const POLL_MS = 10
const PATIENCE_MS = 5_000
const LOG_BYTES_AT_MOST = 5_000_000

/** HAProxy as a process: a master that outlives us, and the workers that it makes anew at each reload. */
export class HaproxyProcess {
  readonly #edge: Home["edge"]
  readonly #files: EdgeFiles
  readonly #as: { uid: number; gid: number } | null

  constructor(edge: Home["edge"], files: EdgeFiles, as: { uid: number; gid: number } | null) {
    this.#edge = edge
    this.#files = files
    this.#as = as
  }

  /**
   * @returns the master's process id and those of the old workers, or `null` when no master answers on our socket. One that is there
   * gets some time: between two lives, at a reload, it hangs up without a word.
   */
  async look(): Promise<{ master: number; oldWorkers: number[] } | null> {
    const deadline = Date.now() + PATIENCE_MS
    do {
      const text = await ask(this.#edge.masterSocket, ["show proc"]).catch(() => "")
      const master = /^(\d+)\s+master/m.exec(text)?.[1]
      if (master) return { master: Number(master), oldWorkers: oldWorkersIn(text) }
      if (this.#recordedPid() === null) return null
      await pause(POLL_MS)
    } while (Date.now() < deadline)
    return null
  }

  /** @param structure what the configuration's `description` says. @throws AppError `unavailable` with HAProxy's own words. */
  async start(structure: string): Promise<void> {
    await this.#check()
    const [accessLog, messages] = [openSync(this.#files.accessLog, "r+"), openSync(this.#files.log, "a")]
    const child = spawn("haproxy", ["-W", "-S", `${this.#edge.masterSocket},mode,600`, "-f", this.#edge.config], {
      ...{ detached: true, stdio: ["ignore", accessLog, messages], cwd: "/" },
      ...(this.#as ?? {}),
    })
    for (const descriptor of [accessLog, messages]) closeSync(descriptor)
    // Not by HAProxy's `-p`: it serves before it writes that file and makes it anew at each reload. Who looked then and found none
    // started a second HAProxy, which shared the ports with the first.
    if (child.pid) writeWhole(this.#files.pid, String(child.pid))
    // A failure to start shows in what follows: nobody answers.
    child.on("error", () => undefined)
    child.unref()
    await this.#untilLoaded(structure, () => child.exitCode === null)
  }

  /** Loads the file anew without closing a connection. @throws AppError `unavailable`; the former workers then go on. */
  async reload(structure: string): Promise<void> {
    await this.#check()
    await ask(this.#edge.masterSocket, ["reload"]).catch(() => undefined)
    await this.#untilLoaded(structure, () => true)
  }

  /** @returns the `description` of the configuration that takes requests now; `null` when nobody answers. */
  async loaded(): Promise<string | null> {
    const text = await ask(this.#edge.adminSocket, ["show info"]).catch(() => "")
    return /^description: (\S+)/m.exec(text)?.[1] ?? null
  }

  /** Cheap: it asks nobody. */
  hasEnded(): boolean {
    return this.#recordedPid() === null
  }

  async stop(): Promise<void> {
    const pid = (await this.look())?.master ?? this.#recordedPid()
    if (pid) await end(pid)
    rmSync(this.#files.pid, { force: true })
  }

  /** HAProxy appends, so cutting the file to nothing is safe. */
  trimLog(): void {
    if ((statSync(this.#files.log, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_AT_MOST) truncateSync(this.#files.log)
  }

  async #untilLoaded(structure: string, isAlive: () => boolean): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS
    while ((await this.loaded()) !== structure) {
      if (!isAlive() || Date.now() > deadline) throw new AppError("unavailable", `HAProxy did not start: see ${this.#files.log}`)
      await pause(POLL_MS)
    }
  }

  async #check(): Promise<void> {
    await promisify(execFile)("haproxy", ["-c", "-q", "-f", this.#edge.config]).catch((cause: unknown) => {
      throw new AppError("unavailable", `HAProxy refuses its configuration: ${String(cause)}`, { cause })
    })
  }

  /** A master that hangs or is about to end holds our ports. */
  async killWhatDoesNotAnswer(): Promise<void> {
    const pid = this.#recordedPid()
    if (pid) await end(pid, "SIGKILL")
  }

  /** The master that was started last, which keeps its number over reloads, if that process is still ours. */
  #recordedPid(): number | null {
    const pid = Number(readText(this.#files.pid))
    return pid && readText(`/proc/${pid}/cmdline`).includes(this.#edge.config) ? pid : null
  }
}

function oldWorkersIn(processes: string): number[] {
  const old = processes.split("# old workers")[1]?.split("# programs")[0] ?? ""
  return [...old.matchAll(/^(\d+)\s+worker/gm)].map((match) => Number(match[1]))
}

const GIVE_UP_AFTER_MS = 5_000

/** Workers end with their master, however it ends. */
async function end(pid: number, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS
  try {
    process.kill(pid, signal)
    // A zombie has no command line: it holds nothing any more.
    while (readText(`/proc/${pid}/cmdline`)) {
      if (Date.now() > deadline) process.kill(pid, "SIGKILL")
      await pause(POLL_MS)
    }
  } catch {
    // Gone.
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}
