import { expect, it } from "vitest"
import { activityInWords } from "./activity-words"

it("says in words what happened", () => {
  expect(activityInWords("app.scaled", { from: { replicas: 1, size: 0.5 }, to: { replicas: 3, size: 0.5 } })).toBe(
    "scaled from 1 to 3 replicas",
  )
  expect(activityInWords("config.changed", { added: ["A", "B"], changed: ["C"], removed: ["D"], version: 9 })).toBe(
    "set A, B and 1 more and removed D in the config (v9)",
  )
  const settings = { check: { kind: "tcp" }, rollout: { drainSeconds: 30 }, releaseCommand: { command: "" } }
  const to = { ...settings, check: { kind: "http" }, releaseCommand: { command: "gigalixir_run migrate" } }
  expect(activityInWords("app.settings_changed", { from: settings, to })).toBe("changed the health check and the release command")
  expect(activityInWords("one_off.started", { oneOff: "shop-run-abc123", kind: "migration", version: 4 })).toBe(
    "ran the migrations of v4 as shop-run-abc123",
  )
  expect(activityInWords("build.requested", { commit: "1a2b3c4d5e", build: 4 })).toBe("pushed 1a2b3c4: build 4")
})

it("says something about an entry that it does not know", () => {
  expect(activityInWords("domain.added_again", {})).toBe("domain added again")
})
