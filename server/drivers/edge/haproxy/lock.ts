import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { AppError } from "@/server/kernel/errors"

const POLL_MS = 10
const WAIT_MS = 60_000

let serial = 0

/**
 * Runs `work` while no other process holds the lock: several controllers may drive one edge. A holder that died is
 * recognised by its process's number and start time, so that kill -9 leaves nothing to clean up.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const mine = `${process.pid} ${startTimeOf(process.pid)}`
  const deadline = Date.now() + WAIT_MS
  while (!tryLock(file, mine)) {
    if (Date.now() > deadline) throw new AppError("unavailable", `the edge is held by process ${readText(file)}`)
    if (!isAlive(readText(file))) stealFrom(file)
    await pause(POLL_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** A link appears with its content at once; a file that is created and then written does not. */
function tryLock(file: string, content: string): boolean {
  const temporary = `${file}.${process.pid}.${++serial}`
  writeFileSync(temporary, content)
  try {
    linkSync(temporary, file)
    return true
  } catch {
    return false
  } finally {
    unlinkSync(temporary)
  }
}

/** By renaming, since only one process can; what turns out to belong to a living one is put back. */
function stealFrom(file: string): void {
  const taken = `${file}.${process.pid}.${++serial}`
  try {
    renameSync(file, taken)
    if (isAlive(readText(taken))) linkSync(taken, file)
  } catch {
    // Another process was faster.
  }
  rmSync(taken, { force: true })
}

function isAlive(holder: string): boolean {
  const [pid, startTime] = holder.split(" ")
  return startTime !== undefined && startTimeOf(Number(pid)) === startTime
}

/** In clock ticks since boot: the 22nd field of /proc/<pid>/stat, counted after the command's closing parenthesis. */
function startTimeOf(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}
