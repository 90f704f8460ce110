import { readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessId {
  pid: number
  /** In clock ticks since the machine started. */
  start: string
}

let boot: string | undefined
/** Differs after each start of the machine. */
export const bootId = () => (boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim())

/** @returns `null` when there is none. A zombie counts as gone. */
export async function identify(pid: number): Promise<ProcessId | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
  // The name in parentheses may hold blanks: count from its end.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  const [state, start] = [fields[0], fields[19]]
  return start === undefined || state === "Z" || state === "X" ? null : { pid, start }
}

export async function isAlive(process: ProcessId): Promise<boolean> {
  return (await identify(process.pid))?.start === process.start
}

/** Nothing happens when it is gone. */
export async function signal(target: ProcessId, name: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (!(await isAlive(target))) return
  try {
    process.kill(target.pid, name)
  } catch {
    // It ended in between.
  }
}

/** The most open files that a child of this process may be given. */
export async function hardOpenFiles(): Promise<number> {
  const limits = await readFile("/proc/self/limits", "utf8")
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1]
  return hard ? Number(hard) : 1_048_576
}
