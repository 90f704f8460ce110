import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { AppError } from "./errors"
import { markOf } from "./process"

const POLL_MS = 10
const WAIT_MS = 60_000

let serial = 0

/**
 * Runs `work` while nobody else holds the lock, neither another process nor another call in this one. A holder that died is
 * recognised by its process's number and start time, so that kill -9 leaves nothing to clean up.
 * @throws AppError `unavailable` when a living one holds it for a minute.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const mine = `${process.pid} ${markOf(process.pid)?.startedAt}`
  const deadline = Date.now() + WAIT_MS
  while (!tryLock(file, mine)) {
    const holder = readText(file)
    if (Date.now() > deadline) throw new AppError("unavailable", `${file} is held by process ${holder}`)
    // Without a holder it was just given back: the next try decides.
    if (holder !== "" && !isAlive(holder)) stealFrom(file)
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
  return startTime !== undefined && markOf(Number(pid))?.startedAt === startTime
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}
