import { spawn } from "node:child_process"
import { open, readFile, stat } from "node:fs/promises"
import type { Readable } from "node:stream"
import { z } from "zod"
import type { Home } from "@/server/kernel/home"
import { exec, PATIENCE_MS, SYSTEM_ENV, tryExec } from "./exec"
import { type Places, runcRoot } from "./names"
import { identify, type ProcessId } from "./processes"

export const RUNC = "/usr/sbin/runc"
const CONMON = "/usr/bin/conmon"
/** At this size conmon starts the file anew: who reads slower than an app prints loses what was in it. */
const LOG_BYTES = 64 * 1024 * 1024
/** conmon's exit code for what its `--timeout` ended. */
const TIMED_OUT = -1

/** Pure: conmon's arguments. It outlives whoever starts it, keeps the output and the exit code, and ends what is late. */
function monitorArguments(home: Pick<Home, "id">, id: string, places: Places, seconds?: number): string[] {
  return [
    ...["--api-version", "1", "--runtime", RUNC, `--runtime-arg=--root=${runcRoot(home)}`],
    ...["--cid", id, "--cuuid", id, "--name", id, "--bundle", places.bundle],
    ...["--container-pidfile", places.pidFile, "--conmon-pidfile", places.monitorPidFile],
    ...["--log-path", `k8s-file:${places.logFile}`, "--log-size-max", String(LOG_BYTES)],
    ...["--exit-dir", places.exitDir, "--socket-dir-path", places.socketDir, "--full-attach"],
    ...(seconds === undefined ? [] : ["--timeout", String(seconds)]),
  ]
}

/** Has conmon create the container, which does not run yet. @throws Error with runc's words. */
export async function createMonitored(
  home: Home,
  id: string,
  places: Places,
  seconds?: number,
): Promise<{ container: ProcessId; monitor: ProcessId }> {
  const stderr = await open(places.monitorLog, "w", 0o600)
  try {
    const child = spawn(CONMON, monitorArguments(home, id, places, seconds), {
      cwd: places.bundle,
      env: { ...SYSTEM_ENV, _OCI_SYNCPIPE: "3" },
      // Neither the runner's end nor a signal to its group reaches it.
      detached: true,
      stdio: ["ignore", stderr.fd, stderr.fd, "pipe"],
    })
    child.unref()
    await reported(child.stdio[3] as Readable, child)
  } finally {
    await stderr.close()
  }
  const [container, monitor] = await Promise.all([places.pidFile, places.monitorPidFile].map(processIn))
  if (!container || !monitor) throw new Error(`${id} ended before it was started`)
  return { container, monitor }
}

export async function startCreated(home: Home, id: string): Promise<void> {
  await exec(RUNC, ["--root", runcRoot(home), "start", id])
}

/** Ends whatever is left of a container and makes runc forget it. Repeatable. */
export async function deleteContainer(home: Home, id: string): Promise<void> {
  await tryExec(RUNC, ["--root", runcRoot(home), "delete", "--force", id])
}

/** @returns conmon's word about the end, or `null` while there is none. */
export async function exitOf(places: Places, id: string): Promise<{ code: number; outOfTime: boolean; at: Date } | null> {
  const file = `${places.exitDir}/${id}`
  const text = await readFile(file, "utf8").catch(() => "")
  if (!/^-?\d+/.test(text)) return null
  const code = Number(text)
  const { mtime } = await stat(file)
  return { code: code === TIMED_OUT ? 137 : code, outOfTime: code === TIMED_OUT, at: mtime }
}

const Report = z.object({ data: z.number(), message: z.string().optional() })

/** conmon's first line on its pipe: the container's process, or why there is none. */
function reported(pipe: Readable, child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ""
    const timer = setTimeout(() => reject(new Error("conmon did not create the container in time")), PATIENCE_MS)
    pipe.on("close", () => clearTimeout(timer))
    child.on("error", reject)
    pipe.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      if (!text.includes("\n")) return
      pipe.destroy()
      const report = Report.parse(JSON.parse(text))
      if (report.data > 0) resolve()
      else reject(new Error(report.message ?? "conmon could not create the container"))
    })
    pipe.on("end", () => reject(new Error(text || "conmon ended without a word")))
  })
}

async function processIn(file: string): Promise<ProcessId | null> {
  return identify(Number(await readFile(file, "utf8")))
}
