import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest"
import type { Connection } from "@/db/client"
import { wakes } from "@/db/schema"
import { silentLog } from "@/server/kernel/log"
import { testDatabase } from "@/server/testing/database"
import { wake } from "@/server/wakes"
import { type Loop, type Reconciler, startLoop } from "./loop"

let connection: Connection
const loops: Loop[] = []

beforeAll(async () => {
  connection = await testDatabase()
})
beforeEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()))
  await connection.db.delete(wakes)
})
afterAll(async () => {
  await Promise.all(loops.map((loop) => loop.stop()))
  await connection.close()
})

function work(reconcile: Reconciler, concurrency = 4, leaseSeconds = 30) {
  loops.push(startLoop({ connection, log: silentLog, kinds: { app: { reconcile, concurrency } }, leaseSeconds }))
}

const rows = () => connection.db.select().from(wakes)

it("works on what is woken, once, and forgets it when it is done", async () => {
  const seen: string[] = []
  work(async (key) => {
    seen.push(key)
    return "done"
  })
  await wake(connection.db, "app", "a")
  await vi.waitFor(async () => expect(await rows()).toEqual([]), 10_000)
  expect(seen).toEqual(["a"])
})

it("looks again when asked to", async () => {
  let looks = 0
  work(async () => (++looks < 3 ? { againInSeconds: 0.01 } : "done"))
  await wake(connection.db, "app", "a")
  await vi.waitFor(async () => expect(await rows()).toEqual([]), 10_000)
  expect(looks).toBe(3)
})

it("does not swallow a wake-up that comes while it works", async () => {
  let looks = 0
  work(async (key) => {
    if (++looks === 1) await wake(connection.db, "app", key)
    return "done"
  })
  await wake(connection.db, "app", "a")
  await vi.waitFor(async () => expect(await rows()).toEqual([]), 10_000)
  expect(looks).toBe(2)
})

it("never works on one key twice at once, with two workers", async () => {
  let inside = 0
  let most = 0
  let looks = 0
  const reconcile: Reconciler = async () => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside--
    return ++looks < 50 ? { againInSeconds: 0 } : "done"
  }
  work(reconcile)
  work(reconcile)
  await wake(connection.db, "app", "a")
  await vi.waitFor(async () => expect(await rows()).toEqual([]), 20_000)
  expect(most).toBe(1)
})

it("tries again after an error, and says what it was", async () => {
  let looks = 0
  work(async () => {
    if (++looks === 1) throw new Error("not yet")
    return "done"
  })
  await wake(connection.db, "app", "a")
  await vi.waitFor(async () => expect(await rows()).toMatchObject([{ lastError: "not yet", attempts: 1 }]), 10_000)
  await vi.waitFor(async () => expect(await rows()).toEqual([]), 10_000)
  expect(looks).toBe(2)
})

it("takes over the lease of a worker that died", async () => {
  await wake(connection.db, "app", "a")
  const past = new Date(Date.now() - 1000)
  await connection.db.update(wakes).set({ leaseOwner: "dead", leaseUntil: past })
  let looks = 0
  work(async () => {
    looks++
    return "done"
  })
  await vi.waitFor(async () => expect(await rows()).toEqual([]), 10_000)
  expect(looks).toBe(1)
})
