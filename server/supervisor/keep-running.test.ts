import { describe, expect, it, vi } from "vitest"
import { delayAfter, keepRunning, type Part } from "./keep-running"

describe("keeping a part running", () => {
  it("starts again at once, then after growing pauses of ten seconds at most", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(delayAfter)).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  })

  it("starts a part again that ended, and tells why", async () => {
    const part = aPart()
    const whys: string[] = []
    const kept = keepRunning(part, (why) => whys.push(why))
    await kept.firstUp
    part.end("killed by SIGKILL")
    await vi.waitFor(() => expect(part.starts).toBe(2))
    expect(whys).toEqual(["killed by SIGKILL"])
    await kept.stop()
  })

  it("tries again when a part does not come up", async () => {
    const part = aPart()
    part.failures = 1
    const kept = keepRunning(part, () => undefined)
    await kept.firstUp
    expect(part.starts).toBe(2)
    await kept.stop()
  })

  it("ends a part that comes up while it is being stopped, and starts no other", async () => {
    const part = aPart()
    const kept = keepRunning(part, () => undefined)
    await kept.stop()
    expect(part).toMatchObject({ starts: 1, isUp: false })
  })
})

/** Ends when it is told to: a process whose moments the test chooses. */
function aPart() {
  const part = { name: "part", logFile: "part.log", starts: 0, failures: 0, isUp: false, end: (_why: string): void => undefined, start }
  async function start(): ReturnType<Part["start"]> {
    part.starts++
    if (part.failures-- > 0) throw new Error("did not come up")
    part.isUp = true
    const ended = new Promise<string>((resolve) => {
      part.end = (why) => {
        part.isUp = false
        resolve(why)
      }
    })
    return { pid: 1, ended, stop: async () => part.end("stopped") }
  }
  return part
}
