import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { silentLog } from "@/server/kernel/log"
import { keepEdge } from "./watches"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A router that counts how often it is looked after, and can be killed. */
function aRouter() {
  const router = {
    looks: 0,
    isUp: true,
    isBroken: false,
    start: async () => undefined,
    hasEnded: () => !router.isUp,
    watch: async () => look(),
  }
  const look = () => {
    router.looks++
    if (router.isBroken) throw new Error("it does not start")
    router.isUp = true
  }
  return router
}

it("looks after a router now and then, and at once when it is gone", async () => {
  const router = aRouter()
  const end = await keepEdge(router, silentLog)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(router.looks).toBe(0)
  router.isUp = false
  await vi.advanceTimersByTimeAsync(200)
  expect(router).toMatchObject({ looks: 1, isUp: true })
  await vi.advanceTimersByTimeAsync(6_400)
  expect(router.looks).toBe(3)
  end()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(router.looks).toBe(3)
})

it("does not try one that does not start many times a second", async () => {
  const router = aRouter()
  Object.assign(router, { isUp: false, isBroken: true })
  const end = await keepEdge(router, silentLog)
  await vi.advanceTimersByTimeAsync(9_500)
  expect(router.looks).toBe(4)
  end()
})
