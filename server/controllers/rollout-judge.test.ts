import { describe, expect, it } from "vitest"
import { defaultSettings } from "@/server/apps/settings"
import { notDraining, type Replica } from "@/server/drivers/cluster/port"
import { type Facts, judgeRollout } from "./rollout-judge"

const T0 = new Date("2026-01-01T00:00:00Z")
const at = (seconds: number) => new Date(T0.getTime() + seconds * 1000)

function replica(over: Partial<Replica> = {}): Replica {
  return {
    id: "app-abc123",
    releaseId: "r2",
    generation: "new",
    index: 0,
    address: "10.128.0.2",
    state: "healthy",
    traffic: "active",
    restarts: 0,
    lastExit: null,
    startedAt: at(1),
    healthyAt: at(2),
    ...notDraining,
    retryAt: null,
    endedAt: null,
    ...over,
  }
}

function facts(over: Omit<Partial<Facts>, "rollout"> & { rollout?: Partial<Facts["rollout"]> }): Facts {
  const { rollout, ...rest } = over
  return {
    view: { phase: "starting", replicas: [] },
    check: defaultSettings.check,
    now: at(3),
    isAwaited: false,
    keepsGeneration: false,
    ...rest,
    rollout: { state: "starting", generation: "new", createdAt: T0, liveAt: null, replicas: 1, size: 0.5, ...rollout },
  }
}

const exit = (reason: "crash" | "normal" | "out_of_memory", seconds: number) => ({ code: 1, reason, at: at(seconds).toISOString() })

describe("a rollout that goes well", () => {
  it("follows the cluster until the traffic moved, then is live", () => {
    expect(judgeRollout(facts({ view: { phase: "checking", replicas: [] } }))).toEqual({ kind: "goes_on", state: "checking" })
    expect(judgeRollout(facts({ view: { phase: "settling", replicas: [replica()] } }))).toEqual({ kind: "live", state: "settling" })
  })

  it("is settled when only its own replicas are left", () => {
    const rollout = { state: "draining", liveAt: at(2) } as const
    expect(judgeRollout(facts({ rollout, view: { phase: "settled", replicas: [replica()] } }))).toEqual({ kind: "ended", state: "settled" })
  })

  it("does not keep a newer rollout waiting for old sockets", () => {
    const rollout = { state: "draining", liveAt: at(2) } as const
    const view = { phase: "draining", replicas: [replica()] } as const
    expect(judgeRollout(facts({ rollout, view: { ...view, replicas: [replica()] }, isAwaited: true }))).toEqual({
      kind: "ended",
      state: "settled",
    })
    expect(judgeRollout(facts({ rollout, view: { ...view, replicas: [replica()] } }))).toEqual({ kind: "goes_on", state: "draining" })
  })

  it("allows two failed starts before it took traffic", () => {
    const view = {
      phase: "checking" as const,
      replicas: [replica({ state: "waiting", restarts: 1, lastExit: exit("crash", 2), healthyAt: null })],
    }
    expect(judgeRollout(facts({ view }))).toMatchObject({ kind: "goes_on" })
  })
})

describe("a rollout that fails", () => {
  it("goes back after the third failed start, and says how the app ended", () => {
    const sick = replica({ state: "waiting", restarts: 2, lastExit: exit("crash", 2), healthyAt: null })
    const verdict = judgeRollout(facts({ view: { phase: "checking", replicas: [sick] } }))
    expect(verdict).toMatchObject({ kind: "goes_back", culprit: "app-abc123", reason: expect.stringContaining("exit code 1") })
  })

  it("tells a lack of memory from a crash", () => {
    const sick = replica({ state: "waiting", restarts: 2, lastExit: exit("out_of_memory", 2), healthyAt: null })
    const verdict = judgeRollout(facts({ view: { phase: "checking", replicas: [sick] } }))
    expect(verdict).toMatchObject({ kind: "goes_back", reason: expect.stringContaining("500 MB") })
  })

  it("goes back when nobody listens within the grace", () => {
    const deaf = replica({ state: "starting", healthyAt: null, startedAt: at(1) })
    const looked = (seconds: number) => judgeRollout(facts({ view: { phase: "checking", replicas: [deaf] }, now: at(seconds) }))
    expect(looked(60)).toMatchObject({ kind: "goes_on" })
    expect(looked(62)).toMatchObject({ kind: "goes_back", reason: expect.stringContaining("0.0.0.0") })
  })

  it("goes back at the first crash after it took the traffic", () => {
    const rollout = { state: "settling", liveAt: at(3) } as const
    const sick = replica({ state: "waiting", lastExit: exit("crash", 5) })
    expect(judgeRollout(facts({ rollout, view: { phase: "settling", replicas: [sick] }, now: at(6) }))).toMatchObject({
      kind: "goes_back",
    })
  })

  it("is failed once the former release serves again", () => {
    const rollout = { state: "reverting", liveAt: at(3) } as const
    expect(judgeRollout(facts({ rollout, view: { phase: "checking", replicas: [] } }))).toEqual({ kind: "goes_on", state: "reverting" })
    expect(judgeRollout(facts({ rollout, view: { phase: "draining", replicas: [] } }))).toEqual({ kind: "ended", state: "failed" })
  })

  it("does not blame a scale for a replica that was there before", () => {
    const old = replica({ state: "waiting", restarts: 9, startedAt: at(-100), lastExit: exit("crash", 2) })
    expect(judgeRollout(facts({ view: { phase: "starting", replicas: [old] }, keepsGeneration: true }))).toMatchObject({ kind: "goes_on" })
  })
})
