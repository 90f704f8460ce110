import { expect, it } from "vitest"
import { type StatusFacts, statusOf } from "./status"

const healthy = { state: "healthy", traffic: "active", lastExit: null }
const well: StatusFacts = {
  replicas: 2,
  isInMaintenance: false,
  hasSlug: true,
  servingVersion: 4,
  isBuilding: false,
  rollout: { state: "settled", version: 4, kind: "deploy", reason: null },
  seen: [healthy, healthy],
}

it.each<[string, Partial<StatusFacts>, string, string]>([
  ["well", {}, "healthy", "v4 serves on 2 replicas."],
  ["new", { hasSlug: false, rollout: null, seen: [], replicas: 0, servingVersion: null }, "empty", "Nothing pushed yet."],
  ["first build", { hasSlug: false, isBuilding: true, rollout: null, seen: [], servingVersion: null }, "building", "first release"],
  ["rolling", { rollout: { state: "checking", version: 5, kind: "deploy", reason: null } }, "deploying", "Rolling out v5; v4 serves."],
  [
    "migrating",
    { rollout: { state: "releasing", version: 5, kind: "deploy", reason: null } },
    "deploying",
    "Running the release command of v5; v4 serves.",
  ],
  [
    "upgrading",
    { rollout: { state: "upgrading", version: 5, kind: "deploy", reason: null } },
    "deploying",
    "Upgrading the running replicas to v5.",
  ],
  ["live", { rollout: { state: "settling", version: 5, kind: "deploy", reason: null } }, "deploying", "v5 is live"],
  ["draining", { rollout: { state: "draining", version: 5, kind: "deploy", reason: null } }, "deploying", "the replicas of before finish"],
  [
    "going back",
    { rollout: { state: "reverting", version: 5, kind: "deploy", reason: "Why." } },
    "deploying",
    "Taking v5 back, v4 goes on: Why.",
  ],
  [
    "taken back",
    { rollout: { state: "reverted", version: 5, kind: "deploy", reason: "Why." } },
    "healthy",
    "v4 serves on 2 replicas. v5 was taken back: Why.",
  ],
  [
    "cancelled",
    { rollout: { state: "cancelled", version: 5, kind: "deploy", reason: "Cancelled by a@b.c." } },
    "healthy",
    "v4 serves on 2 replicas. The rollout of v5 was cancelled.",
  ],
  [
    "a scaling taken back",
    { rollout: { state: "reverted", version: 4, kind: "scale", reason: "Why." } },
    "healthy",
    "v4 serves on 2 replicas. The scaling was taken back: Why.",
  ],
  [
    "a restart cancelled",
    { rollout: { state: "cancelled", version: 4, kind: "restart", reason: null } },
    "healthy",
    "v4 serves on 2 replicas. The restart was cancelled.",
  ],
  [
    "a scaling on its way back",
    { rollout: { state: "reverting", version: 4, kind: "scale", reason: "Why." } },
    "deploying",
    "Taking the scaling back: Why.",
  ],
  [
    "cancelled the first",
    { rollout: { state: "cancelled", version: 3, kind: "deploy", reason: null }, seen: [], servingVersion: null },
    "stopped",
    "Nothing runs",
  ],
  [
    "never started",
    { rollout: { state: "failed", version: 3, kind: "deploy", reason: "It crashed." }, seen: [], servingVersion: null },
    "failed",
    "It crashed.",
  ],
  [
    "down after it was taken back",
    { rollout: { state: "reverted", version: 3, kind: "deploy", reason: "x" }, seen: [], servingVersion: null },
    "down",
    "no replica is healthy",
  ],
  ["scaled to zero", { replicas: 0, seen: [] }, "stopped", "Scaled to zero."],
  ["in maintenance", { isInMaintenance: true }, "maintenance", "maintenance page"],
  [
    "one deaf",
    { seen: [healthy, { ...healthy, state: "unhealthy" }] },
    "degraded",
    "1 of 2 replicas healthy: one does not answer its health check.",
  ],
  [
    "crashing again and again",
    { seen: [healthy, { state: "starting", traffic: "none", lastExit: { code: 1, reason: "crash", at: "" } }] },
    "degraded",
    "one crashed (exit code 1)",
  ],
  ["one short", { seen: [healthy] }, "degraded", "1 of 2 replicas healthy."],
  [
    "out of memory",
    { replicas: 1, seen: [{ state: "waiting", traffic: "none", lastExit: { code: 137, reason: "out_of_memory", at: "" } }] },
    "down",
    "ran out of memory",
  ],
])("says how an app is: %s", (_name, over, state, words) => {
  const status = statusOf({ ...well, ...over })
  expect(status.state).toBe(state)
  expect(status.sentence).toContain(words)
})
