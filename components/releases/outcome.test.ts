import { expect, it } from "vitest"
import { outcomeOf } from "./outcome"

type Facts = Parameters<typeof outcomeOf>[0]

const rollout = (over: Partial<Facts>): Facts => ({
  ...{ state: "settled", version: 6, kind: "deploy", reason: null, servingVersion: 5 },
  ...{ cancelRequestedAt: null, cancelledBy: null, endedAt: "2026-01-01T00:00:09.000Z" },
  ...over,
})

it("has nothing to say of what goes well", () => {
  expect(outcomeOf(rollout({}))).toBeNull()
  expect(outcomeOf(rollout({ state: "checking", endedAt: null }))).toBeNull()
})

it("says why it was taken back, and what runs", () => {
  const reason = "The app crashed before it was healthy (exit code 1): its last lines say why."
  expect(outcomeOf(rollout({ state: "reverted", reason }))).toEqual({ tone: "bad", title: reason, text: "v6 was taken back. v5 serves." })
  expect(outcomeOf(rollout({ state: "reverted", reason, kind: "scale", version: 5 }))?.text).toBe(
    "The scaling was taken back. v5 runs as before.",
  )
  expect(outcomeOf(rollout({ state: "failed", reason, servingVersion: null }))?.text).toMatch(/nothing to go back to: nothing serves/)
})

it("names who cancelled it, from the wish on", () => {
  const cancelled = { cancelRequestedAt: "2026-01-01T00:00:01.000Z", cancelledBy: "ada@example.com" }
  expect(outcomeOf(rollout({ ...cancelled, state: "checking", endedAt: null }))?.title).toBe("Cancelled by ada@example.com.")
  expect(outcomeOf(rollout({ ...cancelled, state: "cancelled" }))).toEqual({
    tone: "neutral",
    title: "Cancelled by ada@example.com.",
    text: "v5 serves.",
  })
})
