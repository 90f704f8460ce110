import { randomUUID } from "node:crypto"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { defaultSettings } from "@/server/apps/settings"
import { makeWorld, type World } from "@/server/drivers/edge/testing/world"
import { systemClock } from "@/server/kernel/clock"
import { Secret } from "@/server/kernel/secret"
import { type TestApi, testApi } from "@/server/testing/run-container-api"
import { noContainers, printed, type TestRunner, testRunner, until } from "@/server/testing/runner"
import { helloSlug } from "@/server/testing/slug"
import { embeddedCluster } from "./embedded"
import type { AppWish, Cluster, ClusterView, Generation, OneOffOrder, Replica } from "./port"

const app = { id: randomUUID(), name: "hello", number: 7 }

describe.skipIf(noContainers)(`the embedded cluster ${noContainers ?? ""}`, () => {
  let part: TestRunner
  let api: TestApi
  let edge: World
  let cluster: Cluster
  let last: Replica[] = []

  beforeAll(async () => {
    ;[part, edge] = await Promise.all([testRunner(), makeWorld()])
    api = await testApi(part.home, await helloSlug())
    cluster = embeddedCluster({ runner: part.runner, balancer: edge.edge, clock: systemClock, diskBytes: 256_000_000 })
    await edge.edge.route({ appId: app.id, appName: app.name, hosts: [], state: "serving" })
  })
  afterEach(async () => {
    await until(() => cluster.remove(app), "all to be gone")
    last = []
    api.config = {}
  })
  afterAll(async () => {
    api?.close()
    await edge?.close()
    await part?.close()
  })

  const wishFor = (target: Generation | null, replicas = 1, over: Partial<AppWish> = {}): AppWish => ({
    ...{ app, target, replicas, former: null, check: defaultSettings.check },
    rollout: { batchSize: 9, waitSeconds: 0, settleSeconds: 0.2, drainSeconds: 1 },
    ...over,
  })

  const step = async (wish: AppWish): Promise<ClusterView> => {
    const view = await cluster.step(wish, last)
    last = view.replicas
    return view
  }

  /** As the controller does: looks again when the last look said. */
  const follow = async (wish: AppWish, isThere: (view: ClusterView) => boolean, seconds = 30): Promise<ClusterView> => {
    const deadline = Date.now() + seconds * 1000
    for (;;) {
      const view = await step(wish)
      if (isThere(view)) return view
      if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(view)}`)
      await new Promise((resolve) => setTimeout(resolve, Math.min(0.2, view.nextLookSeconds ?? 1) * 1000))
    }
  }

  const isSettled = (view: ClusterView) => view.phase === "settled"

  it("brings the first release to where it answers, and says how it is", async () => {
    api.config = { GREETING: "hei" }
    const started = performance.now()
    const view = await follow(wishFor(generation()), ({ phase }) => phase === "settling")
    console.log(`create to healthy and balanced: ${Math.round(performance.now() - started)} ms`)
    expect(view.replicas).toMatchObject([{ index: 0, state: "healthy", traffic: "active", restarts: 0, lastExit: null }])
    const answer = await until(async () => (await edge.get("hello.localhost")).status === 200, "an answer")
    expect(answer).toBe(true)
    const env = async (name: string) => (await edge.get("hello.localhost", `/env/${name}`)).body
    expect(await env("GREETING")).toBe("hei")
    expect(await env("HOST_INDEX")).toBe("0")
    expect(await env("RELEASE_NODE")).toBe(`hello@${last[0]?.address}`)
    expect(await env("PHIAL__SLUG_URL")).toBe("")
    // In whole pages.
    expect((await cluster.usage(last[0]?.id ?? ""))?.memoryLimitBytes).toBe(500_000_000 - (500_000_000 % 4096))
  })

  it("rolls to a new generation without a failed request, and the replicas of one are one Erlang cluster", async () => {
    const [first, second] = [generation(), generation()]
    await follow(wishFor(first, 2), isSettled)
    await until(async () => (await edge.get("hello.localhost")).status === 200, "an answer")
    const statuses = new Map<number, number>()
    const load = { isOver: false }
    const requests = Promise.all([1, 2, 3, 4].map(() => ask(load, statuses)))
    const view = await follow(wishFor(second, 2), isSettled)
    load.isOver = true
    await requests
    console.log(`requests through the rollout: ${JSON.stringify([...statuses])}`)
    expect([...statuses.keys()]).toEqual([200])
    expect(view.replicas.map(({ generation: of }) => of)).toEqual([second.id, second.id])
    const [one, two] = view.replicas.map(({ address }) => address)
    const ofOne = (path: string) => fetch(`http://${one}:4000${path}`).then((response) => response.text())
    expect(await ofOne(`/connect/hello@${two}`)).toBe("true")
    expect(await ofOne("/nodes")).toBe(`hello@${two}`)
  })

  const ask = async (load: { isOver: boolean }, statuses: Map<number, number>) => {
    while (!load.isOver) {
      const { status } = await edge.get("hello.localhost").catch(() => ({ status: 0 }))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }

  it("leaves the good generation serving while a bad one crashes, and goes back to it at once", async () => {
    const good = generation()
    await follow(wishFor(good), isSettled)
    api.config = { CRASH_AT_START: "yes" }
    const bad = generation()
    const view = await follow(wishFor(bad), ({ replicas }) => replicas.some((replica) => replica.restarts === 1))
    const crashed = view.replicas.find((replica) => replica.generation === bad.id)
    expect(crashed?.lastExit).toMatchObject({ code: 1, reason: "crash" })
    expect(view.replicas.find((replica) => replica.generation === good.id)).toMatchObject({ state: "healthy", traffic: "active" })
    expect((await edge.get("hello.localhost")).status).toBe(200)
    const back = await follow(wishFor(good), isSettled)
    expect(back.replicas.map((replica) => replica.generation)).toEqual([good.id])
  })

  it("starts one again that crashes while the next generation comes up in batches, and it serves on", async () => {
    const [first, second] = [generation(), generation()]
    await follow(wishFor(first), isSettled)
    await until(async () => (await edge.get("hello.localhost")).status === 200, "an answer")
    const batches = { batchSize: 1, waitSeconds: 600, settleSeconds: 0.2, drainSeconds: 1 }
    const wish = wishFor(second, 2, { former: { generation: first, replicas: 1 }, rollout: batches })
    const ofFirst = ({ replicas }: ClusterView) => replicas.find((replica) => replica.generation === first.id)
    await follow(wish, ({ replicas }) => replicas.some((replica) => replica.generation === second.id && replica.state === "healthy"))
    await edge.get("hello.localhost", "/halt/3").catch(() => undefined)
    await follow(wish, (view) => ofFirst(view)?.lastExit?.code === 3)
    const again = await follow(wish, (view) => ofFirst(view)?.restarts === 1 && ofFirst(view)?.state === "healthy")
    expect(again.replicas).toMatchObject([
      { generation: first.id, index: 0 },
      { generation: second.id, index: 1 },
    ])
    expect((await edge.get("hello.localhost")).status).toBe(200)
  })

  it.each([
    { path: "/halt/0", code: 0, reason: "normal" },
    { path: "/halt/3", code: 3, reason: "crash" },
    { path: "/eat", code: 137, reason: "out_of_memory" },
  ])("tells why a replica ended: $reason", async ({ path, code, reason }) => {
    const wish = wishFor(generation())
    await follow(wish, isSettled)
    await until(async () => (await edge.get("hello.localhost")).status === 200, "an answer")
    await edge.get("hello.localhost", path).catch(() => undefined)
    const view = await follow(wish, ({ replicas }) => replicas.some((replica) => replica.lastExit !== null))
    expect(view.replicas[0]?.lastExit).toMatchObject({ code, reason })
    const again = await follow(wish, isSettled)
    expect(again.replicas).toMatchObject([{ restarts: 1, state: "healthy", traffic: "active", lastExit: { reason } }])
  })

  describe("a one-off", () => {
    const order = (id: string, command: string[], over: Partial<OneOffOrder> = {}): OneOffOrder => {
      const { stack, env } = generation()
      return { app, id, stack, env: { ...env, APP_KEY: new Secret("key") }, command, size: 0.3, timeLimitSeconds: 60, ...over }
    }
    const runs = async (id: string, command: string[], over: Partial<OneOffOrder> = {}) => {
      await cluster.runOneOff(order(id, command, over))
      return until(async () => {
        const world = await cluster.observeOneOff(app, id)
        return world.state === "ended" && world
      }, `${id} to end`)
    }

    it("runs beside the replicas, with the release and its config, and is none of them", async () => {
      api.config = { GREETING: "hei" }
      const wish = wishFor(generation(), 2)
      const before = await follow(wish, isSettled)
      expect(await cluster.observeOneOff(app, "hello-run-aaaaaa")).toEqual({ state: "absent" })
      const ask = `[[ $GREETING == hei ]] && exec curl -fsS http://${before.replicas[0]?.address}:4000/`
      expect(await runs("hello-run-aaaaaa", ["bash", "-c", ask])).toMatchObject({ code: 0, reason: "exit" })
      expect((await step(wish)).replicas).toEqual(before.replicas)
      expect(await cluster.observeOneOff({ ...app, number: 8 }, "hello-run-aaaaaa")).toEqual({ state: "absent" })
    })

    it("runs once, however often it is asked for", async () => {
      const script = "echo >>/app/ran; wc -l </app/ran; sleep 600"
      for (const _ of [1, 2, 3]) await cluster.runOneOff(order("hello-run-bbbbbb", ["bash", "-c", script]))
      expect(await cluster.observeOneOff(app, "hello-run-bbbbbb")).toMatchObject({ state: "running" })
      // A container whose first process has yet to start hears no signal.
      const container = async () => (await part.runner.list({ kind: "one_off" })).find(({ id }) => id === "hello-run-bbbbbb")
      await until(async () => container().then((one) => one && printed(one).includes("1")), "its first word")
      await cluster.endOneOff(app, "hello-run-bbbbbb", 10)
      const world = () => cluster.observeOneOff(app, "hello-run-bbbbbb")
      await until(async () => (await world()).state === "ended", "its end")
      expect(await world()).toMatchObject({ code: 143, reason: "exit" })
      await cluster.runOneOff(order("hello-run-bbbbbb", ["bash", "-c", script]))
      expect(await world()).toMatchObject({ state: "ended" })
      await cluster.removeOneOff(app, "hello-run-bbbbbb")
      await cluster.removeOneOff(app, "hello-run-bbbbbb")
      expect(await world()).toEqual({ state: "absent" })
    })

    it.each([
      { id: "hello-run-cccccc", command: ["sh", "-c", "exit 7"], over: {}, code: 7, reason: "exit" },
      { id: "hello-run-dddddd", command: ["sleep", "600"], over: { timeLimitSeconds: 1 }, code: 137, reason: "out_of_time" },
      { id: "hello-run-eeeeee", command: ["perl", "-e", '$x = "a" x 900_000_000'], over: {}, code: 137, reason: "out_of_memory" },
    ])("tells why it ended: $reason", async ({ id, command, over, code, reason }) => {
      expect(await runs(id, command, over)).toMatchObject({ code, reason })
    })

    it("ends with its app", async () => {
      await cluster.runOneOff(order("hello-run-ffffff", ["sleep", "600"]))
      await until(() => cluster.remove(app), "all to be gone")
      expect(await cluster.observeOneOff(app, "hello-run-ffffff")).toEqual({ state: "absent" })
    })
  })

  it("replaces a replica that someone ended, and forgets nothing when the controller is another one", async () => {
    const wish = wishFor(generation())
    const before = await follow(wish, isSettled)
    cluster = embeddedCluster({ runner: part.runner, balancer: edge.edge, clock: systemClock, diskBytes: 256_000_000 })
    expect((await step(wish)).replicas).toEqual(before.replicas)
    await cluster.kill(app, before.replicas[0]?.id ?? "")
    const after = await follow(wish, isSettled)
    expect(after.replicas).toMatchObject([{ index: 0, restarts: 0, lastExit: null }])
    expect(after.replicas[0]?.id).not.toBe(before.replicas[0]?.id)
  })
})

function generation(id = randomUUID()): Generation {
  const env = { APP_NAME: "hello", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: "3", SOURCE_VERSION: "abc" }
  return { id, releaseId: randomUUID(), releaseVersion: 3, stack: "debian-13", processType: "web", env, size: 0.5 }
}
