import { spawn } from "node:child_process"
import { once } from "node:events"
import { describe, expect, it } from "vitest"
import { endProcess, isRunning, markOf } from "./process"

const IGNORES_TERM = "process.on('SIGTERM', () => {}); process.stdout.write('ready'); setInterval(() => {}, 1e6)"

describe("a process mark", () => {
  it("tells a process from another that got its number", () => {
    const mark = markOf(process.pid)
    expect(mark && isRunning(mark)).toBe(true)
    expect(mark && isRunning({ ...mark, startedAt: "1" })).toBe(false)
    expect(mark && isRunning({ ...mark, bootId: "another" })).toBe(false)
  })

  it("is none for a number that nobody has", () => {
    expect(markOf(2 ** 22 + 1)).toBeNull()
  })

  it("kills what does not end within its grace", async () => {
    const child = spawn(process.execPath, ["-e", IGNORES_TERM])
    await once(child.stdout, "data")
    const mark = markOf(child.pid ?? 0)
    if (!mark) throw new Error("not started")
    const exited = once(child, "exit")
    await endProcess(mark, 100)
    expect(await exited).toEqual([null, "SIGKILL"])
    expect(isRunning(mark)).toBe(false)
  })
})
