import { expect, it } from "vitest"
import { notDraining, type Replica } from "../port"
import { OpenCounts } from "./open-counts"

const at = (ms: number) => new Date(ms)
const replica = (id: string, drainingAt: Date | null): Replica => ({
  ...{ id, releaseId: "r", generation: "g", index: 0, address: "10.0.0.2", traffic: "none", restarts: 0, lastExit: null },
  ...{ startedAt: at(0), healthyAt: at(0), retryAt: null, endedAt: null, ...notDraining, drainingAt },
  state: drainingAt ? "draining" : "healthy",
})

/** Answers with 100 WebSockets more at each question. */
function counts() {
  let asked = 0
  const known = new OpenCounts()
  const look = (ms: number, ...last: Replica[]) =>
    known.look(last, at(ms), async () => new Map([["a", { requests: 0, sockets: ++asked * 100, sshSessions: 0 }]]))
  return { look, known, asked: () => asked }
}

it("asks nothing while nobody leaves", async () => {
  const { look, asked } = counts()
  expect(await look(0, replica("a", null))).toEqual(new Map())
  expect(asked()).toBe(0)
})

it("asks a few times a second, however often one looks", async () => {
  const { look, asked } = counts()
  for (let ms = 0; ms < 1000; ms += 50) await look(ms, replica("a", at(0)))
  expect(asked()).toBe(5)
})

it("asks at once when another leaves, or the same anew", async () => {
  const { look, asked } = counts()
  await look(0, replica("a", at(0)))
  await look(10, replica("a", at(0)), replica("b", at(5)))
  await look(20, replica("a", at(15)), replica("b", at(5)))
  expect(asked()).toBe(3)
})

it("knows what was given up since", async () => {
  const { look, known } = counts()
  await look(0, replica("a", at(0)))
  known.gaveUp(
    new Map([
      ["a", 30],
      ["b", 3],
    ]),
  )
  expect((await look(50, replica("a", at(0)))).get("a")?.sockets).toBe(30)
})
