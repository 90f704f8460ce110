import { expect, it } from "vitest"
import { type StatusFacts, statusOf } from "./status"

const healthy = { state: "healthy", traffic: "active", lastExit: null }
const well: StatusFacts = {
  replicas: 2,
  isInMaintenance: false,
  hasSlug: true,
  servingVersion: 4,
  isBuilding: false,
  rollout: { state: "settled", version: 4, reason: null, isOpen: false },
  seen: [healthy, healthy],
}

it.each<[string, Partial<StatusFacts>, string, string]>([
  ["well", {}, "healthy", "v4 serves on 2 replicas."],
  ["new", { hasSlug: false, rollout: null, seen: [], replicas: 0, servingVersion: null }, "empty", "Nothing pushed yet."],
  ["first build", { hasSlug: false, isBuilding: true, rollout: null, seen: [], servingVersion: null }, "building", "first release"],
  ["rolling", { rollout: { state: "checking", version: 5, reason: null, isOpen: true } }, "deploying", "Rolling out v5; v4 serves."],
  ["live", { rollout: { state: "settling", version: 5, reason: null, isOpen: true } }, "deploying", "v5 is live"],
  ["going back", { rollout: { state: "reverting", version: 5, reason: "x", isOpen: true } }, "deploying", "going back to v4"],
  ["taken back", { rollout: { state: "failed", version: 5, reason: "x", isOpen: false } }, "healthy", "v5 failed and was taken back"],
  ["never started", { rollout: { state: "failed", version: 3, reason: "It crashed.", isOpen: false }, seen: [] }, "failed", "It crashed."],
  ["scaled to zero", { replicas: 0, seen: [] }, "stopped", "Scaled to zero."],
  ["in maintenance", { isInMaintenance: true }, "maintenance", "maintenance page"],
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
