import { expect, it } from "vitest"
import type { RolloutStep } from "@/db/schema"
import { type Followed, hints, leftLine, story } from "./rollout-story"

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()
const step = (name: RolloutStep["name"], from: number, to: number | null = null, reason?: string): RolloutStep => ({
  ...{ name, startedAt: at(from), endedAt: to === null ? null : at(to) },
  ...(reason ? { reason } : {}),
})

const command: NonNullable<Followed["rollout"]["releaseCommand"]> = {
  ...{ id: "app-run-abc123", command: "bin/app eval Migrate", state: "succeeded", exitCode: 0, reason: null, timeLimitSeconds: 600 },
  ...{ startedAt: at(0), endedAt: at(2) },
}

function followed(over: Partial<Followed["rollout"]>): Followed {
  const rollout: Followed["rollout"] = {
    ...{ id: "r", kind: "deploy", state: "starting", version: 5, strategy: "rolling", fallbackReason: null, steps: [], reason: null },
    ...{ lastLines: [], createdAt: at(0), liveAt: null, endedAt: null, by: null, cancelRequestedAt: null, cancelledBy: null },
    ...{ replicas: { wanted: 2, healthy: 0 }, draining: [], releaseCommand: null, usual: { seconds: null, stepSeconds: {} } },
    ...{ servingVersion: 4, ...over },
  }
  return { appId: "a", rollout, settleSeconds: 10, url: "http://app.localhost" }
}
const told = (over: Partial<Followed["rollout"]>) => {
  const one = followed(over)
  return [...story(one), ...hints(one, "app", "http://phial").slice(0, 1)].map((line) => line.trim())
}

it("tells a rollout that goes well, step by step, with what is usual", () => {
  const steps = [step("waiting", 0, 0), step("releasing", 0, 2.1), step("starting", 2.1, 3), step("checking", 3)]
  const under_way = { steps, releaseCommand: command, usual: { seconds: 4.25, stepSeconds: {} } }
  const begun = [
    "-----> Release v5",
    "-----> Release command: bin/app eval Migrate (at most 10 minutes)",
    "It succeeded (2.1 s)",
    "Starting 2 replicas, usually live after 4.3 s …",
  ]
  expect(story(followed({ ...under_way, state: "checking", replicas: { wanted: 2, healthy: 1 } })).map((line) => line.trim())).toEqual([
    ...begun,
    "1 of 2 replicas healthy",
  ])
  const all = [...steps.slice(0, 3), step("checking", 3, 5), step("shifting", 5, 5), step("settling", 5, 15), step("draining", 15, 20)]
  expect(told({ ...under_way, state: "settled", steps: all, liveAt: at(5), endedAt: at(20), servingVersion: 5 })).toEqual([
    ...begun,
    "-----> Live at http://app.localhost (took 5.0 s)",
    "Watching it for 10 seconds …",
    "The replicas of before finish what they have …",
    "-----> v5 runs.",
  ])
})

it("says why it goes back once, and what runs", () => {
  const steps = [step("starting", 0, 1), step("checking", 1, 4, "It crashed."), step("reverting", 4, 5)]
  expect(told({ state: "reverted", reason: "It crashed.", steps, lastLines: ["boom", "boom"], endedAt: at(5) })).toEqual([
    "-----> Release v5",
    "Starting 2 replicas …",
    "!     Going back: It crashed.",
    "!     v5 was taken back.",
    "Its last lines:\n       | boom\n       | boom",
    "What ran before goes on: v4 serves. The commit is pushed: push a fix, or look at",
  ])
  const first = told({ state: "failed", reason: "It crashed.", steps, servingVersion: null, endedAt: at(5) })
  expect(first.slice(-2)).toEqual(["!     v5 failed: It crashed.", "Nothing runs. The commit is pushed: push a fix, or look at"])
})

it("says that a release command failed, whose output was told", () => {
  const failed = { ...command, state: "failed", exitCode: 1 } as const
  const reason = "The release command ended with exit code 1."
  const steps = [step("releasing", 0, 2, reason)]
  expect(told({ state: "reverted", reason, steps, releaseCommand: failed, lastLines: ["no such table"], endedAt: at(2) }).slice(2)).toEqual(
    [`!     v5 was taken back: ${reason}`, "What ran before goes on: v4 serves. The commit is pushed: push a fix, or look at"],
  )
})

it("tells cancelled and superseded apart", () => {
  const cancelled = { state: "cancelled", reason: "Cancelled by ada@example.com.", endedAt: at(1) } as const
  expect(told(cancelled)[1]).toBe("!     v5 was not rolled out: Cancelled by ada@example.com.")
  const steps = [step("starting", 0, 1, "Cancelled by ada@example.com."), step("reverting", 1, 2)]
  expect(told({ ...cancelled, steps }).slice(2, 4)).toEqual([
    "!     Going back: Cancelled by ada@example.com.",
    "!     v5 was not rolled out.",
  ])
  expect(told({ state: "superseded", reason: "Replaced by a newer change (v6)." })).toEqual([
    "-----> Release v5",
    "!     Replaced by a newer change (v6).",
  ])
})

it("counts what those who leave have left", () => {
  const one = (openSockets: number | null, openRequests: number | null) => ({ id: "x", openSockets, openRequests })
  expect(leftLine({ draining: [one(2, 0), one(3, 1), one(null, null)] })?.trim()).toBe("5 WebSockets and 1 request left")
  expect(leftLine({ draining: [one(0, 0)] })).toBeNull()
})

it("tells an upgrade in place replica by replica, and why it was given up or not begun", () => {
  const steps = [step("waiting", 0, 0), step("starting", 0, 1), step("upgrading", 1)]
  const upgrading = followed({ state: "upgrading", strategy: "hot", steps, replicas: { wanted: 3, healthy: 1 } })
  const beside = "Starting one replica beside, to answer should an upgrade in place fail …"
  expect(story(upgrading).map((line) => line.trim())).toEqual(["-----> Release v5", beside, "Upgrading replica 2 of 3 in place …"])
  const fallbackReason = "The node ended."
  const all = [step("starting", 0, 1), step("upgrading", 1, 2, fallbackReason), step("starting", 2)]
  expect(told({ fallbackReason, steps: all }).slice(1, 4)).toEqual([
    beside,
    "!     The upgrade in place was given up: The node ended.",
    "Rolling instead …",
  ])
  expect(told({ fallbackReason: "No.", steps: [step("starting", 0)] }).slice(1, 3)).toEqual([
    "!     Not upgraded in place: No.",
    "Starting 2 replicas …",
  ])
})
