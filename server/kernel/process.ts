import { readFileSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"

/** One process of this machine, told apart from a later one that got the same number. Linux only: read from /proc. */
export interface ProcessMark {
  pid: number
  /** In clock ticks since the machine's start. */
  startedAt: string
  bootId: string
}

const POLL_MS = 50

let boot: string | undefined
/** Differs after each start of the machine. */
export const bootId = () => (boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim())

/** @returns the mark of a living process, or `null`: gone, or ended and not yet collected by its parent. */
export function markOf(pid: number): ProcessMark | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    // The name, second and in brackets, may hold blanks and brackets itself: count from the last one (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    const [state, startedAt] = [fields[0], fields[19]]
    if (state === "Z" || state === "X" || !startedAt) return null
    return { pid, startedAt, bootId: bootId() }
  } catch {
    return null
  }
}

/** Whether this very process still lives. */
export function isRunning(mark: ProcessMark): boolean {
  const now = markOf(mark.pid)
  return now !== null && now.startedAt === mark.startedAt && now.bootId === mark.bootId
}

/**
 * Asks a process to end and returns when it is gone. Repeatable.
 * @param graceMs after this it is killed.
 */
export async function endProcess(mark: ProcessMark, graceMs: number, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  send(mark, signal)
  const deadline = Date.now() + graceMs
  let isKilled = false
  while (isRunning(mark)) {
    if (!isKilled && Date.now() > deadline) {
      send(mark, "SIGKILL")
      isKilled = true
    }
    await pause(POLL_MS)
  }
}

function send(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isRunning(mark)) return
  try {
    process.kill(mark.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}
