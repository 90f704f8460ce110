import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest"
import type { Connection } from "@/db/client"
import { wakes } from "@/db/schema"
import { silentLog } from "@/server/kernel/log"
import { testDatabase } from "@/server/testing/database"
import { wake } from "@/server/wakes"
import { type Loop, type LoopOptions, type Reconciler, startLoop } from "./loop"

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

function work(reconcile: Reconciler, options: Partial<LoopOptions> = {}) {
  loops.push(startLoop({ connection, log: silentLog, kinds: { app: { reconcile, concurrency: 4 } }, ...options }))
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

it("goes on at once with what a killed process of its name had taken, and leaves alone what others have", async () => {
  await wake(connection.db, "app", "ours")
  await wake(connection.db, "app", "theirs")
  const leaseUntil = new Date(Date.now() + 60_000)
  await connection.db.update(wakes).set({ leaseOwner: sql`case key when 'ours' then 'here/killed' else 'there/lives' end`, leaseUntil })
  work(async () => "done", { name: "here" })
  await vi.waitFor(async () => expect(await rows()).toMatchObject([{ key: "theirs", leaseOwner: "there/lives" }]), 10_000)
})

it("tries what is due at its start again until it succeeds, and works only then", async () => {
  const seen: string[] = []
  const atStart = async () => {
    seen.push("start")
    if (seen.length === 1) throw new Error("the database starts")
  }
  await wake(connection.db, "app", "a")
  const reconcile: Reconciler = async (key) => {
    seen.push(key)
    return "done"
  }
  work(reconcile, { atStart })
  await vi.waitFor(async () => expect(await rows()).toEqual([]), 10_000)
  expect(seen).toEqual(["start", "start", "a"])
})

it("looks again soon at what it worked on while the database was away", async () => {
  const away = await testDatabase()
  const [here] = await away.sql`select current_database() as name`
  const allow = (isAllowed: boolean) =>
    connection.sql`alter database ${connection.sql(here?.name)} with allow_connections ${connection.sql.unsafe(String(isAllowed))}`
  const errors: string[] = []
  let looks = 0
  const reconcile: Reconciler = async () => {
    looks++
    if (looks === 1) {
      await allow(false)
      await connection.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${here?.name}`
    }
    return "done"
  }
  const log = { ...silentLog, error: (message: string) => errors.push(message) }
  await wake(away.db, "app", "a")
  loops.push(startLoop({ connection: away, log, kinds: { app: { reconcile, concurrency: 1 } } }))
  await vi.waitFor(() => expect(errors).toEqual(["reconciler failed"]), 10_000)
  await allow(true)
  await vi.waitFor(() => expect(looks).toBe(2), 10_000)
  await vi.waitFor(async () => expect(await away.db.select().from(wakes)).toEqual([]), 10_000)
  await loops.pop()?.stop()
  await away.close()
})
