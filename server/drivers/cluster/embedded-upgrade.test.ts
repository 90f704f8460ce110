import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { defaultSettings } from "@/server/apps/settings"
import type { FormerSlug } from "@/server/drivers/builder/port"
import { makeWorld, type World } from "@/server/drivers/edge/testing/world"
import { systemClock } from "@/server/kernel/clock"
import { type BuildBench, buildBench } from "@/server/testing/builds"
import { type TestApi, testApi } from "@/server/testing/run-container-api"
import { noContainers, until } from "@/server/testing/runner"
import { embeddedCluster } from "./embedded"
import type { AppWish, Cluster, ClusterView, Generation, Replica } from "./port"

const app = { id: randomUUID(), name: "counter", number: 9 }
const source = (file: string) => readFileSync(`e2e/apps/counter/${file}`, "utf8")
const second = {
  "mix.exs": source("mix.exs").replace('"0.1.0"', '"0.1.1"'),
  "lib/routes.ex": source("lib/routes.ex").replace("version 1", "version 2"),
}
const raising = source("lib/counter.ex").replace(
  "  @impl true\n",
  '  @impl true\n  def code_change(_, _, _), do: raise("no")\n\n  @impl true\n',
)

/** Real nodes behind a real HAProxy; the test does what the controller does. */
describe.skipIf(noContainers)(`the embedded cluster upgrades in place ${noContainers ?? ""}`, { timeout: 180_000 }, () => {
  let bench: BuildBench
  let edge: World
  let api: TestApi
  let cluster: Cluster
  let last: Replica[] = []
  let former: Generation

  beforeAll(async () => {
    ;[bench, edge] = await Promise.all([buildBench(null), makeWorld()])
    api = await testApi(bench.part.home, { file: "/nowhere", sha256: "0".repeat(64) })
    cluster = embeddedCluster({ runner: bench.part.runner, balancer: edge.edge, clock: systemClock, diskBytes: 256_000_000 })
    await edge.edge.route({ appId: app.id, appName: app.name, hosts: [], state: "serving" })
    const base = await slugOf(1, {}, null)
    await slugOf(2, second, base)
    await slugOf(3, { ...second, "lib/counter.ex": raising }, base)
  }, 120_000)
  afterEach(async () => {
    await until(() => cluster.remove(app), "all to be gone")
    last = []
  })
  afterAll(async () => {
    api?.close()
    await edge?.close()
    await bench?.close()
  })

  async function slugOf(version: number, files: Record<string, string>, from: FormerSlug | null): Promise<FormerSlug> {
    const order = bench.order("counter", files, { app: { ...app, number: 200 }, hotUpgrade: from && { from } })
    const { world, lines } = await bench.build(order)
    expect(world, lines.join("\n")).toMatchObject({ code: 0 })
    const { sha256, meta } = await bench.builderWith({}).collect(order.id)
    const file = path.join(bench.part.home.root, `${sha256}.tar.zst`)
    await writeFile(file, (await bench.slugStore.open(sha256)).stream)
    api.releases.set(String(version), { file, sha256, name: "counter", config: {} })
    return { release: version, sha256, stack: "debian-13", meta }
  }

  const generation = (releaseVersion: number): Generation => ({
    ...{ id: randomUUID(), releaseId: randomUUID(), releaseVersion, stack: "debian-13", processType: "web", size: 0.4 },
    env: { APP_NAME: "counter", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: String(releaseVersion) },
  })
  const wishFor = (target: Generation, over: Partial<AppWish> = {}): AppWish => ({
    ...{ app, target, replicas: 2, former: null, check: defaultSettings.check },
    rollout: { batchSize: 9, waitSeconds: 0, settleSeconds: 1, drainSeconds: 2 },
    ...over,
  })

  /** @returns the view that is waited for; upgrades whom the views name, until one fails, and says why. */
  async function follow(wish: AppWish, isThere: (view: ClusterView) => boolean): Promise<{ view: ClusterView; failure: string | null }> {
    const deadline = Date.now() + 60_000
    let failure: string | null = null
    for (let now = wish; ; ) {
      const view = await cluster.step(now, last)
      last = view.replicas
      if (isThere(view)) return { view, failure }
      if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(view)}`)
      if (view.toUpgrade && now.target) {
        const { id, releaseId } = now.target
        const upgraded = await cluster.upgrade(app, view.toUpgrade, now.target)
        if (upgraded.ok) {
          const note = { generation: id, releaseId, healthyAt: new Date(), restarts: 0, lastExit: null }
          last = last.map((one) => (one.id === view.toUpgrade ? { ...one, ...note } : one))
        } else {
          failure = upgraded.reason
          now = { ...now, inPlace: "given_up" }
        }
      } else await pause(Math.min(0.2, view.nextLookSeconds ?? 1) * 1000)
    }
  }
  const isSettled = (view: ClusterView) => view.phase === "settled"

  async function runsFirst(): Promise<Replica[]> {
    former = generation(1)
    const { view } = await follow(wishFor(former), isSettled)
    await until(async () => (await edge.get("counter.localhost", "/healthz")).status === 200, "an answer")
    for (const { address } of view.replicas) await fetch(`http://${address}:4000/count`, { method: "POST" })
    return view.replicas
  }

  /** Asks all the time. @returns stops, with how many were answered in which way. */
  function load(): () => Promise<Map<number, number>> {
    const statuses = new Map<number, number>()
    let isOver = false
    const asker = async () => {
      while (!isOver) {
        const { status } = await edge.get("counter.localhost").catch(() => ({ status: 0 }))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }
    const askers = Promise.all([asker(), asker(), asker(), asker()])
    return async () => {
      isOver = true
      await askers
      return statuses
    }
  }
  const get = ({ address }: Replica, at: string) => fetch(`http://${address}:4000${at}`).then((answer) => answer.text())

  it("without a failed request, and what is in memory stays", async () => {
    const before = await runsFirst()
    const stop = load()
    const target = generation(2)
    const { view, failure } = await follow(wishFor(target, { former: { generation: former, replicas: 2 }, inPlace: "wished" }), isSettled)
    const statuses = await stop()
    console.log(`requests through the upgrade: ${JSON.stringify([...statuses])}`)
    expect([...statuses.keys()]).toEqual([200])
    expect(failure).toBeNull()
    expect(view.replicas.map(({ id, generation: of }) => [id, of])).toEqual(before.map(({ id }) => [id, target.id]))
    for (const replica of view.replicas) {
      expect(await get(replica, "/count")).toBe("1")
      expect(await get(replica, "/")).toContain("version 2")
    }
  })

  it("and rolls without a failed request when a node ends by it", async () => {
    const before = await runsFirst()
    const stop = load()
    const target = generation(3)
    const { view, failure } = await follow(wishFor(target, { former: { generation: former, replicas: 2 }, inPlace: "wished" }), isSettled)
    const statuses = await stop()
    console.log(`requests through an upgrade that failed: ${JSON.stringify([...statuses])}`)
    expect([...statuses.keys()]).toEqual([200])
    expect(failure).toContain("ended while it was upgraded")
    expect(view.replicas.map(({ generation: of }) => of)).toEqual([target.id, target.id])
    const names = before.map(({ id }) => id)
    expect(view.replicas.some(({ id }) => names.includes(id))).toBe(false)
    for (const replica of view.replicas) expect(await get(replica, "/")).toContain("version 2")
  })
})
