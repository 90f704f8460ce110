import { expect, it } from "vitest"
import { stepsOf } from "./rollout-steps"

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`

it("shows what runs and what is to come", () => {
  const steps = stepsOf({
    state: "checking",
    endedAt: null,
    steps: [
      { name: "starting", startedAt: at(0), endedAt: at(2) },
      { name: "checking", startedAt: at(2), endedAt: null },
    ],
  })
  expect(steps.map(({ state }) => state)).toEqual(["done", "running", "waiting", "waiting", "waiting"])
})

it("shows at which step it failed, and that it went back", () => {
  const steps = stepsOf({
    state: "failed",
    endedAt: at(9),
    steps: [
      { name: "starting", startedAt: at(0), endedAt: at(2) },
      { name: "checking", startedAt: at(2), endedAt: at(6) },
      { name: "reverting", startedAt: at(6), endedAt: at(9) },
    ],
  })
  expect(steps.map(({ state }) => state)).toEqual(["done", "failed", "done"])
})

it("tells a step of several batches once, from its first start to its last end", () => {
  const steps = stepsOf({
    state: "settled",
    endedAt: at(9),
    steps: [
      { name: "starting", startedAt: at(0), endedAt: at(2) },
      { name: "checking", startedAt: at(2), endedAt: at(4) },
      { name: "starting", startedAt: at(4), endedAt: at(5) },
    ],
  })
  expect(steps[0]).toMatchObject({ state: "done", startedAt: at(0), endedAt: at(5) })
  expect(steps[2]?.state).toBe("skipped")
})
