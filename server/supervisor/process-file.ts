import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { z } from "zod"
import type { Home } from "@/server/kernel/home"
import { endProcess, isRunning, type ProcessMark } from "@/server/kernel/process"

/** A part that was asked to end finishes what it does for at most this long. */
export const GRACE_MS = 10_000

const Mark = z.object({ pid: z.number().int().positive(), startedAt: z.string(), bootId: z.string() })

/** Records which process is the part `name` of this home now. */
export function writeMark(home: Home, name: string, mark: ProcessMark): void {
  mkdirSync(home.parts, { recursive: true, mode: 0o700 })
  const file = fileOf(home, name)
  writeFileSync(`${file}.new`, JSON.stringify(mark), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** @returns the recorded process if that very one still runs. */
export function livingPart(home: Home, name: string): ProcessMark | null {
  try {
    const mark = Mark.parse(JSON.parse(readFileSync(fileOf(home, name), "utf8")))
    return isRunning(mark) ? mark : null
  } catch {
    return null
  }
}

/** Ends the part's process, also one that an earlier supervisor left behind. Repeatable. */
export async function endPart(home: Home, name: string): Promise<void> {
  const mark = livingPart(home, name)
  if (mark) await endProcess(mark, GRACE_MS)
  rmSync(fileOf(home, name), { force: true })
}

function fileOf(home: Home, name: string): string {
  return path.join(home.parts, `${name}.json`)
}
