import { expect, it } from "vitest"
import { usualDurations } from "./usual-durations"

const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n))
const iso = (n: number) => second(n).toISOString()

it("is the median to live and of each step, batches told as one", () => {
  const past = [2, 4, 30].map((end) => ({
    createdAt: second(0),
    liveAt: second(end),
    steps: [
      { name: "starting" as const, startedAt: iso(0), endedAt: iso(1) },
      { name: "checking" as const, startedAt: iso(1), endedAt: iso(1) },
      { name: "starting" as const, startedAt: iso(1), endedAt: iso(end) },
    ],
  }))
  expect(usualDurations(past)).toEqual({ seconds: 4, stepSeconds: { starting: 4, checking: 0 } })
  expect(usualDurations(past.slice(0, 2)).seconds).toBe(3)
})

it("knows nothing before the first, and leaves out what did not end", () => {
  expect(usualDurations([])).toEqual({ seconds: null, stepSeconds: {} })
  const steps = [{ name: "draining" as const, startedAt: iso(0), endedAt: null }]
  expect(usualDurations([{ createdAt: second(0), liveAt: null, steps }])).toEqual({ seconds: null, stepSeconds: {} })
})
