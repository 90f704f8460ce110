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

const begun: Facts["rollout"] = {
  ...{ state: "starting", generation: "new", createdAt: T0, liveAt: null, replicas: 1, size: 0.5 },
  ...{ steps: [], reason: null, cancelRequestedAt: null, strategy: "rolling" },
}

function facts(over: Omit<Partial<Facts>, "rollout"> & { rollout?: Partial<Facts["rollout"]> }): Facts {
  const { rollout, ...rest } = over
  return {
    view: { phase: "starting", replicas: [] },
    settings: defaultSettings,
    now: at(3),
    isAwaited: false,
    good: { generation: "old" },
    ...rest,
    rollout: { ...begun, ...rollout },
  }
}

const exit = (reason: NonNullable<Replica["lastExit"]>["reason"], seconds: number) => ({ code: 1, reason, at: at(seconds).toISOString() })

describe("a rollout that goes well", () => {
  it("follows the cluster until the traffic moved, then is live", () => {
    expect(judgeRollout(facts({ view: { phase: "checking", replicas: [] } }))).toEqual({ kind: "goes_on", state: "checking" })
    expect(judgeRollout(facts({ view: { phase: "settling", replicas: [replica()] } }))).toEqual({ kind: "live", state: "settling" })
  })

  it("settles while it stays up, then lets the others finish, then is done", () => {
    const looked = (state: "settling" | "draining", view: Facts["view"], isAwaited = false) =>
      judgeRollout(facts({ rollout: { state, liveAt: at(2) }, view, isAwaited }))
    const old = replica({ generation: "old", state: "draining", traffic: "none", drainingAt: at(13) })
    expect(looked("settling", { phase: "settling", replicas: [replica()] })).toEqual({ kind: "goes_on", state: "settling" })
    expect(looked("settling", { phase: "draining", replicas: [replica(), old] })).toEqual({ kind: "goes_on", state: "draining" })
    expect(looked("draining", { phase: "draining", replicas: [replica(), old] })).toEqual({ kind: "goes_on", state: "draining" })
    expect(looked("draining", { phase: "settled", replicas: [replica()] })).toEqual({ kind: "ended", state: "settled" })
    // A newer rollout does not wait for old sockets.
    expect(looked("draining", { phase: "draining", replicas: [replica(), old] }, true)).toEqual({ kind: "ended", state: "settled" })
  })

  it("stays live when a replica is replaced while it settles, and is done whatever happens after it", () => {
    const live = { state: "settling", liveAt: at(2) } as const
    expect(judgeRollout(facts({ rollout: live, view: { phase: "starting", replicas: [] } }))).toEqual({
      kind: "goes_on",
      state: "settling",
    })
    const crashed = replica({ state: "waiting", restarts: 5, lastExit: exit("crash", 20) })
    const late = { rollout: { ...live, state: "draining" } as const, view: { phase: "starting" as const, replicas: [crashed] } }
    expect(judgeRollout(facts(late))).toEqual({ kind: "ended", state: "settled" })
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
    expect(verdict).toMatchObject({ kind: "goes_back", culprit: { id: "app-abc123" }, reason: expect.stringContaining("exit code 1") })
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

  it("is not blamed for a restart of the machine, before it took the traffic or after", () => {
    const lost = replica({ state: "waiting", restarts: 2, lastExit: exit("lost", 20) })
    const view = { phase: "starting" as const, replicas: [lost] }
    expect(judgeRollout(facts({ view }))).toEqual({ kind: "goes_on", state: "starting" })
    expect(judgeRollout(facts({ rollout: { state: "settling", liveAt: at(3) }, view }))).toEqual({ kind: "goes_on", state: "settling" })
  })

  it("goes back at the first crash after it took the traffic", () => {
    const rollout = { state: "settling", liveAt: at(3) } as const
    const sick = replica({ state: "waiting", lastExit: exit("crash", 5) })
    expect(judgeRollout(facts({ rollout, view: { phase: "settling", replicas: [sick] }, now: at(6) }))).toMatchObject({
      kind: "goes_back",
    })
  })

  it("goes back when it stops answering, before it took the traffic or after", () => {
    const hung = replica({ state: "unhealthy" })
    const before = judgeRollout(facts({ view: { phase: "checking", replicas: [hung] } }))
    expect(before).toMatchObject({ kind: "goes_back", reason: expect.stringContaining("before it took the traffic") })
    const after = judgeRollout(facts({ rollout: { state: "settling", liveAt: at(3) }, view: { phase: "checking", replicas: [hung] } }))
    expect(after).toMatchObject({
      kind: "goes_back",
      reason: expect.stringContaining("after it took the traffic"),
      culprit: { id: hung.id },
    })
  })

  it("goes back when it does not end: not all become healthy, or it never settles", () => {
    const view = { phase: "checking" as const, replicas: [replica()] }
    const steps = [{ name: "starting" as const, startedAt: at(1000).toISOString(), endedAt: null }]
    const looked = (rollout: Partial<Facts["rollout"]>, seconds: number) => judgeRollout(facts({ rollout, view, now: at(seconds) }))
    expect(looked({ steps }, 2800)).toMatchObject({ kind: "goes_on" })
    expect(looked({ steps }, 2801)).toMatchObject({ kind: "goes_back", reason: expect.stringContaining("within half an hour") })
    const live = { steps, state: "settling", liveAt: at(2000) } as const
    expect(looked(live, 3810)).toMatchObject({ kind: "goes_on" })
    expect(looked(live, 3811)).toMatchObject({ kind: "goes_back", reason: expect.stringContaining("did not settle") })
  })

  it("does not blame a scale for a replica that was there before", () => {
    const old = replica({ state: "waiting", restarts: 9, startedAt: at(-100), lastExit: exit("crash", 2) })
    const view = { phase: "starting" as const, replicas: [old] }
    expect(judgeRollout(facts({ view, good: { generation: "new" } }))).toMatchObject({ kind: "goes_on" })
  })
})

describe("the way back", () => {
  const steps = [{ name: "reverting" as const, startedAt: at(10).toISOString(), endedAt: null }]
  const back = { state: "reverting", liveAt: at(3), steps, reason: "It crashed." } as const
  const looked = (over: Parameters<typeof facts>[0]) => judgeRollout(facts({ ...over, rollout: { ...back, ...over.rollout } }))

  it("is over once what ran before serves again", () => {
    expect(looked({ view: { phase: "checking", replicas: [] } })).toEqual({ kind: "goes_on", state: "reverting" })
    expect(looked({ view: { phase: "draining", replicas: [] } })).toEqual({ kind: "ended", state: "reverted" })
  })

  it("ends as failed where nothing ran before, and as cancelled where a person wished it", () => {
    const view = { phase: "draining" as const, replicas: [] }
    expect(looked({ view, good: null })).toEqual({ kind: "ended", state: "failed" })
    expect(looked({ view, rollout: { cancelRequestedAt: at(9) } })).toEqual({ kind: "ended", state: "cancelled" })
  })

  it("keeps no newer push waiting once some of what ran before serves, and ends when it does not come back", () => {
    const [one, none] = [[replica({ generation: "old" })], [replica({ generation: "old", state: "waiting", traffic: "none" })]]
    const view = { phase: "starting" as const, replicas: one }
    expect(looked({ view })).toMatchObject({ kind: "goes_on" })
    expect(looked({ view, isAwaited: true })).toEqual({ kind: "ended", state: "reverted" })
    expect(looked({ view, now: at(371) })).toEqual({ kind: "ended", state: "reverted" })
    const lost = { view: { phase: "starting" as const, replicas: none } }
    expect(looked({ ...lost, now: at(370) })).toMatchObject({ kind: "goes_on" })
    expect(looked({ ...lost, now: at(371) })).toMatchObject({ kind: "ended", state: "failed", reason: expect.stringContaining("either") })
  })
})
