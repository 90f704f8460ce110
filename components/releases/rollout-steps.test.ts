import { expect, it } from "vitest"
import { stepsOf } from "./rollout-steps"

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`

type Facts = Parameters<typeof stepsOf>[0]

const rollout = (over: Partial<Facts>): Facts => ({
  ...{ steps: [], state: "starting", endedAt: null, createdAt: at(0), strategy: "rolling" },
  ...{ replicas: { wanted: 4, healthy: 3 }, draining: [], releaseCommand: null, cancelRequestedAt: null },
  ...{ usual: { seconds: 8, stepSeconds: { checking: 2 } } },
  ...over,
})

const command = { id: "a-run-abc", command: "gigalixir_run migrate", state: "succeeded", exitCode: 0, reason: null } as const
const releaseCommand = { ...command, timeLimitSeconds: 600, startedAt: at(0), endedAt: at(1) }

it("shows what runs, how far it is, how long it usually takes, and what is to come", () => {
  const steps = stepsOf(
    rollout({
      state: "checking",
      steps: [
        { name: "starting", startedAt: at(0), endedAt: at(2) },
        { name: "checking", startedAt: at(2), endedAt: null },
      ],
    }),
  )
  expect(steps.map(({ state }) => state)).toEqual(["done", "running", "waiting", "waiting", "waiting"])
  expect(steps[1]).toMatchObject({ detail: "3 of 4 healthy", usualMs: 2000 })
})

it("shows the release command where there is one, and waiting only while it waits", () => {
  const waiting = stepsOf(rollout({ state: "waiting" }))
  expect(waiting.map(({ step }) => step)).toEqual(["waiting", "starting", "checking", "shifting", "settling", "draining"])
  expect(waiting[0]).toMatchObject({ state: "running", startedAt: at(0) })
  const steps = [
    { name: "releasing" as const, startedAt: at(0), endedAt: at(1) },
    { name: "starting" as const, startedAt: at(1), endedAt: null },
  ]
  const started = stepsOf(rollout({ releaseCommand, steps }))
  expect(started.map(({ step }) => step)).toEqual(["releasing", "starting", "checking", "shifting", "settling", "draining"])
})

it("tells of a wait that was one, and of the only step there is", () => {
  const waited = (seconds: number) => [
    { name: "waiting" as const, startedAt: at(0), endedAt: new Date(Date.parse(at(0)) + seconds * 1000).toISOString() },
    { name: "starting" as const, startedAt: at(9), endedAt: null },
  ]
  expect(stepsOf(rollout({ steps: waited(0.1) }))[0]?.step).toBe("starting")
  expect(stepsOf(rollout({ steps: waited(8) }))[0]).toMatchObject({ step: "waiting", state: "done" })
  const cancelled = rollout({ state: "cancelled", endedAt: at(1), cancelRequestedAt: at(1), steps: waited(0.1).slice(0, 1) })
  expect(stepsOf(cancelled)).toMatchObject([{ step: "waiting", state: "cancelled" }])
})

it("shows at which step it failed, and that it went back", () => {
  const steps = stepsOf(
    rollout({
      state: "reverted",
      endedAt: at(9),
      steps: [
        { name: "starting", startedAt: at(0), endedAt: at(2) },
        { name: "checking", startedAt: at(2), endedAt: at(6) },
        { name: "reverting", startedAt: at(6), endedAt: at(9) },
      ],
    }),
  )
  expect(steps.map(({ state }) => state)).toEqual(["done", "failed", "done"])
})

it("shows a release command that failed as the only step: nothing was started", () => {
  const steps = [{ name: "releasing" as const, startedAt: at(0), endedAt: at(3), reason: "It ended with exit code 1." }]
  const shown = stepsOf(rollout({ state: "reverted", endedAt: at(3), releaseCommand, steps }))
  expect(shown).toMatchObject([{ step: "releasing", state: "failed", detail: "It ended with exit code 1." }])
})

it("shows where somebody cancelled it", () => {
  const steps = [
    { name: "starting" as const, startedAt: at(0), endedAt: at(3) },
    { name: "reverting" as const, startedAt: at(3), endedAt: null },
  ]
  const shown = stepsOf(rollout({ state: "reverting", cancelRequestedAt: at(3), steps }))
  expect(shown.map(({ step, state }) => [step, state])).toEqual([
    ["starting", "cancelled"],
    ["reverting", "running"],
  ])
})

it("tells a step of several batches once, from its first start to its last end", () => {
  const steps = stepsOf(
    rollout({
      state: "settled",
      endedAt: at(9),
      steps: [
        { name: "starting", startedAt: at(0), endedAt: at(2) },
        { name: "checking", startedAt: at(2), endedAt: at(4) },
        { name: "starting", startedAt: at(4), endedAt: at(5) },
      ],
    }),
  )
  expect(steps[0]).toMatchObject({ state: "done", startedAt: at(0), endedAt: at(5) })
  expect(steps[2]?.state).toBe("skipped")
})

it("upgrades in place once a stand-in is healthy, and counts the upgraded", () => {
  const steps = [
    { name: "starting" as const, startedAt: at(0), endedAt: at(1) },
    { name: "checking" as const, startedAt: at(1), endedAt: at(2) },
    { name: "upgrading" as const, startedAt: at(2), endedAt: null },
  ]
  const shown = stepsOf(rollout({ state: "upgrading", strategy: "hot", replicas: { wanted: 3, healthy: 1 }, steps }))
  expect(shown.map(({ step }) => step)).toEqual(["starting", "checking", "upgrading", "shifting", "settling", "draining"])
  expect(shown[2]?.detail).toBe("1 of 3 upgraded")
})

it("says what the old replicas have still to finish", () => {
  const draining = [
    { id: "a", openRequests: 1, openSockets: 12 },
    { id: "b", openRequests: 0, openSockets: null },
  ]
  const steps = [{ name: "draining" as const, startedAt: at(8), endedAt: null }]
  const shown = stepsOf(rollout({ state: "draining", draining, steps }))
  expect(shown.at(-1)?.detail).toBe("2 replicas: 12 WebSockets and 1 request left")
})

it("shows an upgrade in place that was given up as failed, with why, and goes on", () => {
  const steps = [
    { name: "starting" as const, startedAt: at(0), endedAt: at(1) },
    { name: "upgrading" as const, startedAt: at(1), endedAt: at(2), reason: "The node ended." },
    { name: "starting" as const, startedAt: at(2), endedAt: null },
  ]
  const shown = stepsOf(rollout({ steps }))
  expect(shown.find(({ step }) => step === "upgrading")).toMatchObject({ state: "failed", detail: "The node ended." })
  expect(shown.find(({ step }) => step === "starting")).toMatchObject({ state: "running" })
})
