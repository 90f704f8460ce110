import { expect, it } from "vitest"
import type { ReplicaView } from "@/server/apps/overview"
import { inOrderOfUse, replicasInWords, restartsInWords, trafficInWords } from "./replica-looks"

const replica = (over: Partial<ReplicaView>): ReplicaView => ({
  ...{ id: "a-1", index: 0, state: "healthy", traffic: "active", version: 5, nodeName: "a@10.0.0.2" },
  ...{ startedAt: "", healthyAt: "", drainingAt: null, openRequests: null, openSockets: null, restarts: 0, lastExit: null },
  ...over,
})
const next = replica({ id: "next", traffic: "none" })
const old = replica({ id: "old", state: "draining", traffic: "none", openRequests: 0, openSockets: 12 })

it("counts those that serve, and not the next or the former beside them", () => {
  expect(replicasInWords([replica({}), replica({})], 2)).toBe("2 of 2 healthy")
  expect(replicasInWords([replica({}), replica({}), next, next, old], 2)).toBe("2 of 2 healthy; 2 more start; 1 drains")
  expect(replicasInWords([replica({}), replica({ traffic: "standby" })], 1)).toBe("1 of 1 healthy; 1 stands by")
  expect(replicasInWords([replica({}), replica({ state: "unhealthy" })], 2)).toBe("1 of 2 healthy")
  expect(replicasInWords([], 0)).toBe("0 of 0 healthy")
})

it("has those that serve first and those that end last", () => {
  expect(inOrderOfUse([old, next, replica({ id: "serves" })]).map(({ id }) => id)).toEqual(["serves", "next", "old"])
})

it("says why a healthy one gets no requests, and what one that drains has left", () => {
  expect(trafficInWords(replica({}))).toBeNull()
  expect(trafficInWords(replica({ traffic: "standby" }))).toBe("stands by")
  expect(trafficInWords(next)).toBe("gets no requests yet")
  expect(trafficInWords(old)).toBe("12 WebSockets left")
  expect(trafficInWords(replica({ ...old, openRequests: 1, openSockets: 1 }))).toBe("1 WebSocket and 1 request left")
})

it("tells how often and why it was started again", () => {
  const lastExit = { code: 137, reason: "out_of_memory" as const, at: "" }
  expect(restartsInWords({ restarts: 0, lastExit: null })).toBeNull()
  expect(restartsInWords({ restarts: 2, lastExit })).toBe("Restarted 2 times: it ran out of memory.")
})
