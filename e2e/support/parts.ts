import { readFileSync } from "node:fs"
import path from "node:path"
import { until } from "./people"

/** The processes of one Phial, by the files of its home. `start` is the supervisor. */
export const PARTS = ["start", "web", "controller", "logger", "runner", "postgres", "haproxy"] as const
export type PartName = (typeof PARTS)[number]

/** @returns `null` for a part that is just starting: it has no file yet. */
export function processOf(home: string, part: PartName): number | null {
  try {
    const own = { postgres: "postgres/data/postmaster.pid", haproxy: "edge/haproxy.pid" }[part as string]
    const text = readFileSync(path.join(home, own ?? `parts/${part}.json`), "utf8")
    return own ? Number.parseInt(text, 10) : (JSON.parse(text) as { pid: number }).pid
  } catch {
    return null
  }
}

/** @throws when it is not there. */
export function pidOf(home: string, part: PartName): number {
  const pid = processOf(home, part)
  if (pid === null) throw new Error(`there is no ${part}`)
  return pid
}

/** kill -9, and returns when the process is gone. @returns its number. */
export async function kill(home: string, part: PartName): Promise<number> {
  const pid = pidOf(home, part)
  process.kill(pid, "SIGKILL")
  await until(`the end of ${part}`, () => !isRunning(pid))
  return pid
}

/** A process that ended and was not collected yet has no command line. */
export function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== ""
  } catch {
    return false
  }
}
