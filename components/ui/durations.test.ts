import { expect, it } from "vitest"
import { agoInWords, durationInWords } from "./durations"

it("says a duration in at most two units", () => {
  expect([800, 12_400, 185_000, 7_800_000, 356_400_000].map(durationInWords)).toEqual([
    "0.8 s",
    "12 s",
    "3 min 5 s",
    "2 h 10 min",
    "4 d 3 h",
  ])
  expect(durationInWords(60_000)).toBe("1 min")
})

it("says how long ago something was, and what is still to come", () => {
  const now = Date.UTC(2026, 0, 31)
  expect(agoInWords(now - 4_000, now)).toBe("just now")
  expect(agoInWords(now - 240_000, now)).toBe("4 min ago")
  expect(agoInWords(now + 3 * 86_400_000, now)).toBe("in 3 d")
  expect(agoInWords(now - 40 * 86_400_000, now)).toBe("22 Dec 2025")
})
