import { readFile } from "node:fs/promises"
import { markOf } from "@/server/kernel/process"

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessId {
  pid: number
  /** In clock ticks since the machine started. */
  start: string
}

/** @returns `null` when there is none. A zombie counts as gone. */
export function identify(pid: number): ProcessId | null {
  const mark = markOf(pid)
  return mark && { pid, start: mark.startedAt }
}

export function isAlive(process: ProcessId): boolean {
  return identify(process.pid)?.start === process.start
}

/** Nothing happens when it is gone. */
export function signal(target: ProcessId, name: "SIGTERM" | "SIGKILL"): void {
  if (!isAlive(target)) return
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
