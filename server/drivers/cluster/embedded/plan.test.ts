import { describe, expect, it } from "vitest"
import { defaultSettings } from "@/server/apps/settings"
import type { OpenConnections } from "@/server/drivers/edge/port"
import type { Container } from "@/server/runner"
import type { AppWish, Generation, Replica } from "../port"
import { type Plan, plan } from "./plan"
import { labelsOf, type Probe } from "./world"

const T0 = new Date("2026-01-01T00:00:00Z")
const at = (seconds: number) => new Date(T0.getTime() + seconds * 1000)
const generation = (id: string): Generation => ({
  ...{ id, releaseId: `release-${id}`, releaseVersion: 3, stack: "debian-13", processType: "web", env: {}, size: 0.5 },
})

/** An app on a machine that does at once what the plan says. What a test wants to happen to a container, it does to it. */
class Rehearsal {
  containers: Container[] = []
  last: Replica[] = []
  well = new Set<string>()
  failing = new Map<string, Date>()
  connections = new Map<string, OpenConnections>()
  seconds = 0
  #made = 0

  wish: AppWish = {
    app: { id: "1", name: "app", number: 1 },
    target: generation("a"),
    replicas: 1,
    former: null,
    check: defaultSettings.check,
    rollout: { batchSize: 0, waitSeconds: 0, settleSeconds: 10, drainSeconds: 30 },
  }

  wants(target: string | null, replicas: number, rollout: Partial<AppWish["rollout"]> = {}): this {
    this.wish = { ...this.wish, target: target ? generation(target) : null, replicas, rollout: { ...this.wish.rollout, ...rollout } }
    return this
  }

  /** From here on a rollout: what ran is the former generation until the target has settled. */
  rolls(target: string, replicas: number, rollout: Partial<AppWish["rollout"]> = {}): this {
    const { target: before, replicas: many } = this.wish
    this.wants(target, replicas, rollout)
    this.wish = { ...this.wish, former: before && { generation: before, replicas: many } }
    return this
  }

  /** One look, `later` seconds after the one before. */
  step(later = 1): Plan {
    this.seconds += later
    const { containers, last, connections } = this
    const next = plan(this.wish, { containers, last, probes: this.#probes(), connections }, at(this.seconds))
    this.containers = this.containers.filter((one) => !next.removes.includes(one.id))
    this.last = [...next.view.replicas]
    for (const [id, most] of next.keeps) this.opens(id, { ...this.connections.get(id), sockets: most })
    for (const identity of next.creates) this.#make(labelsOf(identity))
    return next
  }

  steps(times: number): Plan {
    let next = this.step()
    for (let i = 1; i < times; i++) next = this.step()
    return next
  }

  opens(id: string, open: Partial<OpenConnections>): this {
    this.connections.set(id, { requests: 0, sockets: 0, sshSessions: 0, ...open })
    return this
  }

  /** All that run are well from now on. */
  answer(): this {
    for (const { id } of this.containers) this.well.add(id)
    return this
  }

  /** As the controller notes it down: it is of the target since now, and has yet to be checked. */
  upgrade(id: string): this {
    const { id: generation = "", releaseId = "" } = this.wish.target ?? {}
    this.last = this.last.map((one) => (one.id === id ? { ...one, generation, releaseId, healthyAt: at(this.seconds) } : one))
    this.well.delete(id)
    return this
  }

  end(id: string, code = 1, outOfMemory = false, isLost = false): this {
    const exit = { code, outOfMemory, outOfTime: false, isLost, at: at(this.seconds) }
    this.containers = this.containers.map((one) => (one.id === id ? { ...one, state: "ended", exit } : one))
    return this
  }

  traffic(): string[] {
    return this.last.map((replica) => `${replica.generation}${replica.index} ${replica.state} ${replica.traffic}`)
  }

  #make(labels: Record<string, string>): void {
    const id = `app-${++this.#made}`
    const address = `10.128.0.${66 + Number(labels.index)}`
    const rest = { kind: "replica", app: 1, state: "running", exit: null, logFile: "" } as const
    this.containers = [...this.containers, { ...rest, id, address, labels, startedAt: at(this.seconds) }]
  }

  #probes(): Map<string, Probe> {
    return new Map(
      this.containers.map(({ id }) => {
        const since = this.failing.get(id) ?? null
        const failures = since ? Math.round((at(this.seconds).getTime() - since.getTime()) / 1000) : 0
        return [id, { successes: this.well.has(id) && !since ? 1 : 0, failures, failingSince: since }]
      }),
    )
  }
}

/** Where replicas of one generation serve and are settled. */
function settled(replicas = 1, id = "a"): Rehearsal {
  const app = new Rehearsal().wants(id, replicas, { batchSize: 9 })
  app.step()
  app.answer().steps(15)
  return app
}

describe("the first deploy", () => {
  it("starts, checks, takes traffic, settles, and is done", () => {
    const app = new Rehearsal()
    expect(app.step()).toEqual({
      endpoints: [],
      keeps: new Map(),
      removes: [],
      creates: [{ generation: "a", releaseId: "release-a", index: 0, restarts: 0, lastExit: null }],
      stops: [],
      view: { replicas: [], phase: "starting", nextLookSeconds: 0.05 },
    })
    expect(app.step().view).toMatchObject({ phase: "checking", nextLookSeconds: 0.05 })
    const shift = app.answer().step()
    expect(shift.endpoints).toEqual([{ id: "app-1", address: "10.128.0.66:4000", sshAddress: "10.128.0.66:2222", traffic: "active" }])
    expect(shift.view).toMatchObject({ phase: "settling", nextLookSeconds: 1 })
    expect(app.steps(9).view.phase).toBe("settling")
    expect(app.step().view).toMatchObject({ phase: "settled", nextLookSeconds: 10 })
  })

  it("starts a quarter at once, and the next when these are well", () => {
    const app = new Rehearsal().wants("a", 8)
    expect(app.step().creates.map(({ index }) => index)).toEqual([0, 1])
    expect(app.step().creates).toEqual([])
    expect(
      app
        .answer()
        .step()
        .creates.map(({ index }) => index),
    ).toEqual([2, 3])
  })
})

describe("a rollout", () => {
  it("leaves the traffic where it is until all of the target are well, then shifts all of it, then drains the others", () => {
    const app = settled(2).wants("b", 2)
    expect(app.step().creates.map(({ index }) => index)).toEqual([2, 3])
    app.well.add("app-3")
    app.step()
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 healthy active", "b2 healthy none", "b3 starting none"])
    app.answer().step()
    expect(app.traffic()).toEqual(["a0 healthy standby", "a1 healthy standby", "b2 healthy active", "b3 healthy active"])
    expect(app.steps(9).view.phase).toBe("settling")
    app.opens("app-1", { requests: 3 })
    expect(app.step()).toMatchObject({ view: { phase: "draining", nextLookSeconds: 0.25 }, stops: [] })
    expect(app.traffic().slice(0, 2)).toEqual(["a0 draining none", "a1 draining none"])
    expect(app.step().stops).toEqual([{ id: "app-2", graceSeconds: 10 }])
    app.end("app-2", 0)
    expect(app.step().removes).toEqual(["app-2"])
    app.connections.clear()
    expect(app.step().stops).toEqual([{ id: "app-1", graceSeconds: 10 }])
    expect(app.end("app-1", 0).step()).toMatchObject({ removes: ["app-1"], view: { phase: "settled" } })
  })

  it("ends who still has a session when the time to drain is over", () => {
    const app = settled().wants("b", 1, { drainSeconds: 5 })
    app.step()
    app.opens("app-1", { sshSessions: 1 })
    app.answer().steps(11)
    expect(app.traffic()[0]).toBe("a0 draining none")
    expect(app.steps(4).stops).toEqual([])
    expect(app.step().stops).toEqual([{ id: "app-1", graceSeconds: 10 }])
  })

  it("goes back at once to those who still stand by", () => {
    const app = settled(2).wants("b", 2)
    app.step()
    app.answer().step()
    app.end("app-3").wants("a", 2)
    const back = app.step()
    expect(back.endpoints.map(({ id, traffic }) => `${id} ${traffic}`)).toEqual(["app-1 active", "app-2 active", "app-4 draining"])
    expect(back.removes).toEqual(["app-3"])
    expect(back.creates).toEqual([])
  })

  it("is forgotten at once when a newer one comes before it had traffic", () => {
    const app = settled().wants("b", 1)
    app.step()
    app.step()
    const newer = app.wants("c", 1).step()
    expect(app.traffic()).toEqual(["a0 healthy active", "b1 draining none"])
    expect(newer.creates.map(({ generation: of, index }) => `${of}${index}`)).toEqual(["c2"])
    expect(newer.endpoints.map(({ id }) => id)).toEqual(["app-1"])
  })
})

describe("what runs during a rollout", () => {
  it("is started again when it crashes before the traffic moved, and serves on", () => {
    const app = settled(2).rolls("b", 2, { batchSize: 1 })
    app.step()
    app.end("app-1").step(0.5)
    expect(app.traffic().slice(0, 2)).toEqual(["a0 waiting none", "a1 healthy active"])
    const [again] = app.step().creates
    expect(again).toMatchObject({ generation: "a", releaseId: "release-a", index: 0, restarts: 1, lastExit: { code: 1 } })
    app.well.add("app-4")
    app.step()
    expect(app.traffic().slice(0, 2)).toEqual(["a0 healthy active", "a1 healthy active"])
  })

  it("is replaced when somebody ended it, and when it does not come round", () => {
    const app = settled(2).rolls("b", 2)
    app.step()
    app.containers = app.containers.filter(({ id }) => id !== "app-1")
    expect(app.step().creates).toMatchObject([{ generation: "a", index: 0, restarts: 0 }])
    app.failing.set("app-2", at(app.seconds))
    app.well.add("app-5")
    app.steps(3)
    expect(app.traffic().slice(0, 2)).toEqual(["a0 healthy active", "a1 unhealthy none"])
    expect(app.steps(57).stops).toEqual([{ id: "app-2", graceSeconds: 10 }])
  })

  it("is stood in for while none of it runs, and serves again when it is back", () => {
    const app = settled(1).rolls("b", 2, { batchSize: 1, waitSeconds: 60 })
    app.step()
    app.answer().step()
    expect(app.traffic()).toEqual(["a0 healthy active", "b1 healthy none"])
    app.end("app-1").step(0.5)
    expect(app.traffic()).toEqual(["a0 waiting none", "b1 healthy active"])
    app.step()
    app.answer().step()
    expect(app.traffic()).toEqual(["a0 healthy active", "b1 healthy standby"])
    app.steps(60)
    app.answer().step()
    expect(app.traffic()).toEqual(["a0 healthy standby", "b1 healthy active", "b2 healthy active"])
  })

  it("is kept while it stands by, and no longer", () => {
    const app = settled().rolls("b", 1)
    app.step()
    app.answer().step()
    expect(app.traffic()).toEqual(["a0 healthy standby", "b1 healthy active"])
    app.end("app-1").step(0.5)
    expect(app.step().creates).toMatchObject([{ generation: "a", index: 0 }])
    app.answer().step()
    expect(app.traffic()).toEqual(["a0 healthy standby", "b1 healthy active"])
    app.steps(8)
    expect(app.traffic()[0]).toBe("a0 draining none")
    app.step()
    app.end("app-3", 0)
    expect(app.step()).toMatchObject({ removes: ["app-3"], creates: [], view: { phase: "settled" } })
  })

  it("and ends while it waits to be started again is forgotten when the target has settled", () => {
    const app = settled().rolls("b", 1)
    app.step()
    app.answer().steps(10)
    app.end("app-1").step(0.9)
    app.step(0.2)
    expect(app.step(0.2)).toMatchObject({ removes: ["app-1"], creates: [], view: { phase: "settled" } })
  })

  it("is brought back with the target after all was lost, and whoever is healthy first serves", () => {
    const app = settled(2).rolls("b", 2, { batchSize: 2 })
    app.step()
    app.answer().step()
    app.containers = []
    expect(app.step().creates.map(({ generation: of, index }) => `${of}${index}`)).toEqual(["a0", "a1", "b2", "b3"])
    app.well.add("app-5")
    app.step()
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 starting none", "b2 starting none", "b3 starting none"])
    app.answer().step()
    expect(app.traffic()).toEqual(["a0 healthy standby", "a1 healthy standby", "b2 healthy active", "b3 healthy active"])
  })

  it("that died meanwhile is started again on the way back", () => {
    const app = settled(2).rolls("b", 2)
    app.step()
    app.answer().step()
    app.end("app-1").step(0.5)
    app.wants("a", 2).wish.former = null
    app.step(0.1)
    expect(app.traffic().slice(0, 2)).toEqual(["a0 waiting none", "a1 healthy active"])
    expect(app.step().creates).toMatchObject([{ generation: "a", index: 0, restarts: 1 }])
  })
})

describe("the wait between two batches", () => {
  it("begins when all of a batch are healthy, whoever looks", () => {
    const app = new Rehearsal().wants("a", 5, { batchSize: 2, waitSeconds: 20 })
    expect(app.step().creates).toHaveLength(2)
    app.well.add("app-1")
    expect(app.steps(30).creates).toEqual([])
    app.well.add("app-2")
    expect(app.step().view.nextLookSeconds).toBe(1)
    expect(app.steps(19).creates).toEqual([])
    expect(app.step().creates.map(({ index }) => index)).toEqual([2, 3])
    app.answer().step()
    expect(app.steps(19).creates).toEqual([])
    expect(app.step().creates.map(({ index }) => index)).toEqual([4])
  })
})

describe("WebSockets", () => {
  /** Where `app-1` has just been sent away with so many, and has to give them up in 30 seconds. */
  const draining = (sockets: number, open: Partial<OpenConnections> = {}): Rehearsal => {
    const app = settled()
      .opens("app-1", { sockets, ...open })
      .wants("b", 1)
    app.step()
    app.answer().steps(11)
    expect(app.last[0]).toMatchObject({ id: "app-1", state: "draining", openSockets: null })
    return app
  }
  const socketsOf = (app: Rehearsal) => app.connections.get("app-1")?.sockets

  it("are given up in even batches, one a second, before the window is over, and then the replica ends", () => {
    const app = draining(1000)
    const left: Array<number | undefined> = []
    while (app.last[0]?.state === "draining" && left.length < 60) {
      app.step(0.5)
      left.push(socketsOf(app))
    }
    const batches = left.map((now, look) => (left[look - 1] ?? 1000) - (now ?? 0))
    expect(Math.max(...batches)).toBe(34)
    expect(new Set(batches.slice(1, 58).map((given, look) => (look % 2 === 0 ? given > 0 : given === 0)))).toEqual(new Set([true]))
    expect(left.indexOf(0)).toBe(57)
    expect(app.last[0]).toMatchObject({ id: "app-1", state: "stopping", openRequests: null, openSockets: null })
  })

  it("are counted for who watches, with the requests", () => {
    const app = draining(300, { requests: 2 })
    app.step(0.5)
    expect(app.last[0]).toMatchObject({ openRequests: 2, openSockets: 290, socketsAtDrain: 300 })
    expect(app.step(0.5).view.nextLookSeconds).toBe(1.02)
  })

  it("go on at the same pace with another controller", () => {
    const app = draining(300)
    app.steps(10)
    expect(socketsOf(app)).toBe(190)
    const next = app.step(0.5)
    expect(next.keeps.size).toBe(0)
    expect(app.step(0.5).keeps).toEqual(new Map([["app-1", 180]]))
  })

  it("are not cut all at once when nobody looked for half of the window", () => {
    const app = draining(300)
    app.steps(5)
    expect(socketsOf(app)).toBe(240)
    app.step(15)
    expect(socketsOf(app)).toBe(197)
    app.step()
    expect(socketsOf(app)).toBe(175)
  })

  it("that were left when the controller looks again too late end with the window", () => {
    expect(draining(300).step(40).stops).toEqual([{ id: "app-1", graceSeconds: 10 }])
  })

  it("of a replica that is called back stay", () => {
    const app = draining(300)
    app.steps(3)
    app.wants("a", 1).step()
    expect(app.last[0]).toMatchObject({ id: "app-1", drainingAt: null, openSockets: null, socketsAtDrain: null })
    expect(app.steps(3).keeps.size).toBe(0)
    expect(socketsOf(app)).toBe(260)
  })

  it("are given up before a long answer ends the wait", () => {
    const app = draining(10, { requests: 1 })
    app.steps(29)
    expect(app.last[0]).toMatchObject({ state: "draining", openSockets: 0, openRequests: 1 })
    expect(app.step().stops).toEqual([{ id: "app-1", graceSeconds: 10 }])
  })
})

describe("a scale", () => {
  it("gives each new replica traffic as soon as it is well", () => {
    const app = settled(1).wants("a", 3)
    app.step()
    app.well.add("app-2")
    app.step()
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 healthy active", "a2 starting none"])
  })

  it("down drains the highest", () => {
    const app = settled(3).wants("a", 1)
    expect(app.step().view.phase).toBe("draining")
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 draining none", "a2 draining none"])
  })

  it("up again calls back those that still drain", () => {
    const app = settled(2).wants("a", 1)
    app.opens("app-2", { requests: 1 })
    app.steps(2)
    expect(app.wants("a", 2).step()).toMatchObject({ creates: [], stops: [] })
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 healthy active"])
  })

  it("to nothing drains all, and is settled when they are gone", () => {
    const app = settled().wants(null, 0)
    expect(app.step().view.phase).toBe("draining")
    expect(app.step().stops).toEqual([{ id: "app-1", graceSeconds: 10 }])
    expect(app.end("app-1", 0).step().view).toEqual({ replicas: [], phase: "settled", nextLookSeconds: 10 })
  })
})

describe("a replica that ends by itself", () => {
  it("is started again in its place after a pause that doubles", () => {
    const app = new Rehearsal()
    app.step()
    const pauses: number[] = []
    for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) {
      app.step()
      app.end(app.containers.at(-1)?.id ?? "")
      const from = app.seconds
      while (app.step(0.5).creates.length === 0) expect(app.last[0]?.state).toBe("waiting")
      pauses.push(app.seconds - from)
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    app.step()
    expect(app.last).toMatchObject([{ index: 0, restarts: 8, lastExit: { code: 1, reason: "crash" }, state: "starting" }])
  })

  it("is started again at once, and not counted, when the machine ended it", () => {
    const app = settled()
    app.end("app-1", 137, false, true)
    expect(app.step(0.5)).toMatchObject({ removes: ["app-1"], creates: [{ index: 0, restarts: 0, lastExit: { reason: "lost" } }] })
  })

  it("counts anew after it was well for a minute", () => {
    const app = settled()
    app.end("app-1", 137, true).step(0.5)
    expect(app.last).toMatchObject([{ state: "waiting", restarts: 0, lastExit: { reason: "out_of_memory" }, traffic: "none" }])
    app.step()
    app.answer().steps(90)
    app.end("app-2", 0).step(0.5)
    expect(app.last).toMatchObject([{ state: "waiting", restarts: 0, lastExit: { reason: "normal" } }])
  })

  it("leaves those that stand by to serve", () => {
    const app = settled().wants("b", 1)
    app.step()
    app.answer().step()
    expect(app.end("app-2").step().endpoints).toEqual([
      { id: "app-1", address: "10.128.0.66:4000", sshAddress: "10.128.0.66:2222", traffic: "standby" },
    ])
  })
})

describe("a replica that does not answer", () => {
  it("is taken out of the traffic after the failures of the check, and comes back with its next answer", () => {
    const app = settled(2)
    app.failing.set("app-2", at(app.seconds))
    expect(app.step().view).toMatchObject({ nextLookSeconds: 1 })
    app.step()
    expect(app.traffic()[1]).toBe("a1 healthy active")
    app.step()
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 unhealthy none"])
    app.failing.clear()
    app.step()
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 healthy active"])
  })

  it("is ended and replaced when it does not come round in a minute", () => {
    const app = settled(2)
    app.failing.set("app-2", at(app.seconds))
    expect(app.steps(59).stops).toEqual([])
    expect(app.step().stops).toEqual([{ id: "app-2", graceSeconds: 10 }])
    expect(app.end("app-2", 0).step(0.5).creates).toEqual([])
    expect(app.step()).toMatchObject({ removes: ["app-2"], creates: [{ index: 1, restarts: 1 }] })
  })

  it("from its start is unhealthy when its grace is over", () => {
    const app = new Rehearsal()
    app.steps(60)
    expect(app.traffic()).toEqual(["a0 starting none"])
    app.steps(3)
    expect(app.traffic()).toEqual(["a0 unhealthy none"])
  })
})

describe("what nobody wrote down", () => {
  it("a replica whose making was not recorded is known again by what it carries", () => {
    const app = new Rehearsal()
    app.step()
    app.last = []
    expect(app.step().creates).toEqual([])
    expect(app.last).toMatchObject([{ id: "app-1", generation: "a", index: 0, state: "starting" }])
  })

  it("a replica that someone took away is made again at once", () => {
    const app = settled()
    app.containers = []
    expect(app.step().creates).toMatchObject([{ index: 0, restarts: 0 }])
  })
})

describe("an upgrade in place", () => {
  const upgrading = (replicas: number) => {
    const app = settled(replicas).rolls("b", replicas, { batchSize: 9 })
    app.wish = { ...app.wish, inPlace: "wished" }
    return app
  }

  it("starts one beside those that run, which stands by", () => {
    const app = upgrading(3)
    expect(app.step()).toMatchObject({ creates: [{ generation: "b", index: 3 }], view: { phase: "starting" } })
    expect(app.steps(3)).toMatchObject({ creates: [], view: { phase: "starting" } })
    expect(app.step().view.toUpgrade).toBeUndefined()
    const { view, endpoints } = app.answer().step()
    expect(view).toMatchObject({ phase: "upgrading", toUpgrade: "app-1" })
    expect(endpoints.map((one) => one.traffic)).toEqual(["active", "active", "active", "standby"])
  })

  it("names one after the other, each when the one before was seen to be well, then settles and ends the one beside", () => {
    const app = upgrading(2)
    app.step()
    app.answer().step()
    app.upgrade("app-1")
    expect(app.steps(2).view).toMatchObject({ phase: "upgrading" })
    expect(app.step().view.toUpgrade).toBeUndefined()
    expect(app.answer().step().view).toMatchObject({ phase: "upgrading", toUpgrade: "app-2" })
    app.upgrade("app-2")
    expect(app.step().view.phase).toBe("upgrading")
    expect(app.answer().step().view.phase).toBe("settling")
    expect(app.traffic()).toEqual(["b0 healthy active", "b1 healthy active", "b2 healthy standby"])
    app.steps(8)
    expect(app.traffic()).toEqual(["b0 healthy active", "b1 healthy active", "b2 draining none"])
    expect(app.step().stops).toMatchObject([{ id: "app-3" }])
  })

  it("has the one beside answer for a single one that ended, and that one alone when it was given up", () => {
    const app = upgrading(1)
    app.step()
    app.answer().step()
    app.end("app-1")
    expect(app.step().endpoints).toMatchObject([{ id: "app-2", traffic: "active" }])
    app.wish = { ...app.wish, inPlace: "given_up" }
    expect(app.step().view.phase).toBe("settling")
    expect(app.last.find(({ id }) => id === "app-2")).toMatchObject({ generation: "b", traffic: "active" })
  })

  it("rolls the rest when it was given up: who was upgraded and who was not serve until all of the target are there", () => {
    const app = upgrading(3)
    app.step()
    app.answer().step()
    app.upgrade("app-1").answer().step()
    app.end("app-2")
    app.wish = { ...app.wish, inPlace: "given_up" }
    expect(app.step().creates).toMatchObject([
      { generation: "a", index: 1 },
      { generation: "b", index: 4 },
    ])
    expect(app.traffic()).toEqual(["b0 healthy active", "a2 healthy active", "b3 healthy standby"])
    app.step()
    expect(app.answer().step().view.phase).toBe("settling")
    expect(app.traffic().filter((one) => one.endsWith("active"))).toEqual(["b0 healthy active", "b3 healthy active", "b4 healthy active"])
  })

  it("leaves out what was upgraded and is not well when it was given up", () => {
    const app = upgrading(2)
    app.step()
    app.answer().step()
    app.upgrade("app-1")
    app.failing.set("app-1", at(app.seconds))
    app.steps(5)
    app.wish = { ...app.wish, inPlace: "given_up" }
    app.step()
    expect(app.traffic()).toEqual(["b0 draining none", "a1 healthy active", "b2 healthy standby"])
    expect(app.answer().steps(3).view.phase).toBe("settling")
  })

  it("that is taken back starts anew what was upgraded, and those not yet upgraded serve meanwhile", () => {
    const app = upgrading(2)
    app.step()
    app.answer().step()
    app.upgrade("app-1").answer().step()
    app.wants("a", 2)
    app.wish = { ...app.wish, former: null }
    delete app.wish.inPlace
    expect(app.step().creates).toMatchObject([{ generation: "a" }])
    expect(app.traffic()).toEqual(["b0 healthy standby", "a1 healthy active", "b2 healthy standby"])
    app.step()
    expect(app.answer().step().view.phase).toBe("settling")
    expect(app.traffic().filter((one) => one.endsWith("active"))).toEqual(["a1 healthy active", "a3 healthy active"])
  })

  it("starts a replica that was upgraded and ends later from the new release", () => {
    const app = upgrading(1)
    app.step()
    app.answer().step()
    app.upgrade("app-1").answer().steps(20)
    app.wish = { ...app.wish, former: null }
    delete app.wish.inPlace
    expect(app.end("app-1").step().creates).toMatchObject([{ generation: "b", releaseId: "release-b", index: 0 }])
  })
})

describe("a restart of one replica", () => {
  it("starts another beside it, lets it stand by until that has settled, and drains it", () => {
    const app = settled(2)
    app.wish = { ...app.wish, replaces: "app-1" }
    expect(app.step().creates).toMatchObject([{ generation: "a", index: 2 }])
    expect(app.step().view.phase).toBe("checking")
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 healthy active", "a2 starting none"])
    expect(app.answer().step().view.phase).toBe("settling")
    expect(app.traffic()).toEqual(["a0 healthy standby", "a1 healthy active", "a2 healthy active"])
    expect(app.steps(10).view.phase).toBe("draining")
    expect(app.traffic()).toEqual(["a0 draining none", "a1 healthy active", "a2 healthy active"])
    expect(app.step().stops).toMatchObject([{ id: "app-1" }])
    app.end("app-1").step()
    expect(app.step().view.phase).toBe("settled")
    delete app.wish.replaces
    expect(app.step().creates).toEqual([])
  })

  it("is undone when the new one does not come up: the old one serves on", () => {
    const app = settled(1)
    app.wish = { ...app.wish, replaces: "app-1" }
    app.steps(3)
    delete app.wish.replaces
    app.step()
    expect(app.traffic()).toEqual(["a0 healthy active", "a1 draining none"])
  })

  it("has nothing to do where that one is gone", () => {
    const app = settled(1)
    app.wish = { ...app.wish, replaces: "app-0" }
    const { creates, view } = app.step()
    expect([creates, view.phase]).toEqual([[], "settled"])
  })
})
