import type { HotUpgrade } from "@/db/schema"
import type { Builder, BuildOrder, BuildWorld } from "@/server/drivers/builder/port"
import {
  type AppWish,
  type Cluster,
  type ClusterView,
  notDraining,
  type OneOffOrder,
  type OneOffWorld,
  type Replica,
  type Upgrade,
} from "@/server/drivers/cluster/port"
import type { AppRoute, Edge } from "@/server/drivers/edge/port"
import { AppError } from "@/server/kernel/errors"

/**
 * Doubles of the ports for tests of the controllers' own decisions: each does what its port promises, at the pace that a test
 * sets. The real drivers are held to the same promises by their contract tests, and run in the end-to-end tests.
 */
export class PacedCluster implements Cluster {
  wishes: AppWish[] = []
  removed: string[] = []
  phase: ClusterView["phase"] = "starting"
  replicas: Replica[] = []
  toUpgrade: string | null = null
  /** All that were begun, in their order. */
  oneOffs: OneOffOrder[] = []
  oneOffWorlds = new Map<string, OneOffWorld>()

  async step(wish: AppWish): Promise<ClusterView> {
    this.wishes.push(wish)
    const named = this.toUpgrade ? { toUpgrade: this.toUpgrade } : {}
    return { phase: this.phase, replicas: this.replicas, nextLookSeconds: null, ...named }
  }

  async remove(app: { id: string }): Promise<boolean> {
    this.removed.push(app.id)
    return true
  }

  async kill(_app: { id: string }, replicaId: string): Promise<void> {
    this.replicas = this.replicas.filter((replica) => replica.id !== replicaId)
  }

  /** How the next upgrades end; without one they succeed. */
  upgrades: Upgrade[] = []
  /** Whom it upgraded, or tried to. */
  upgraded: string[] = []

  async upgrade(_app: { id: string }, replicaId: string): Promise<Upgrade> {
    this.upgraded.push(replicaId)
    return this.upgrades.shift() ?? { ok: true, detail: "Upgraded in place." }
  }

  async usage() {
    return null
  }

  async runOneOff(order: OneOffOrder): Promise<void> {
    if (this.oneOffWorlds.has(order.id)) return
    this.oneOffs.push(order)
    this.oneOffWorlds.set(order.id, { state: "running", startedAt: new Date() })
  }

  async observeOneOff(_app: { id: string }, id: string): Promise<OneOffWorld> {
    return this.oneOffWorlds.get(id) ?? { state: "absent" }
  }

  /** At once, as by a command that heeds SIGTERM. */
  async endOneOff(_app: { id: string }, id: string): Promise<void> {
    if (this.oneOffWorlds.get(id)?.state === "running") this.oneOffEnds(id, 143)
  }

  async removeOneOff(_app: { id: string }, id: string): Promise<void> {
    this.oneOffWorlds.delete(id)
  }

  oneOffEnds(id: string, code: number, reason: Extract<OneOffWorld, { state: "ended" }>["reason"] = "exit"): void {
    this.oneOffWorlds.set(id, { state: "ended", startedAt: new Date(), code, reason, at: new Date() })
  }

  /** The target of the last step runs and is healthy. */
  becomes(phase: ClusterView["phase"], over: Partial<Replica> = {}): void {
    this.phase = phase
    const target = this.wishes.at(-1)?.target
    if (target) this.replicas = [replicaOf(target.id, target.releaseId, over)]
  }
}

function replicaOf(generation: string, releaseId: string, over: Partial<Replica> = {}): Replica {
  const now = new Date()
  const rest = { restarts: 0, lastExit: null, startedAt: now, healthyAt: now, retryAt: null, endedAt: null, ...notDraining }
  return {
    id: `r-${generation.slice(0, 6)}`,
    releaseId,
    generation,
    index: 0,
    address: "10.0.0.2",
    state: "healthy",
    traffic: "active",
    ...rest,
    ...over,
  }
}

export class RecordingEdge implements Edge {
  routes = new Map<string, AppRoute>()

  async route(route: AppRoute): Promise<void> {
    this.routes.set(route.appId, route)
  }

  async unroute(appId: string): Promise<void> {
    this.routes.delete(appId)
  }

  async health() {
    return { isUp: true, detail: "" }
  }
}

export class PacedBuilder implements Builder {
  orders: BuildOrder[] = []
  worlds = new Map<string, BuildWorld>()
  printed = new Map<string, string[]>()
  /** Nothing can be started. */
  isAway = false

  async start(order: BuildOrder): Promise<void> {
    if (this.isAway) throw new AppError("unavailable", "The runner is away.")
    this.orders.push(order)
    this.worlds.set(order.id, { state: "running" })
  }

  async observe(id: string): Promise<BuildWorld> {
    return this.worlds.get(id) ?? { state: "absent" }
  }

  /** One line is one byte here. */
  async output(id: string, offset: number) {
    const lines = (this.printed.get(id) ?? []).slice(offset).map((text) => ({ at: new Date(), text }))
    return { lines, nextOffset: offset + lines.length }
  }

  async cancel(id: string): Promise<void> {
    if (this.worlds.get(id)?.state === "running") this.ends(id, 137, "cancelled")
  }

  /** What the next builds say of a hot upgrade. */
  hotUpgrade: HotUpgrade | undefined

  async collect() {
    const meta = { mode: "release" as const, releaseName: "counter", version: "0.1.0", erlang: "27", elixir: "1.18", erts: "15.2" }
    const rest = { processTypes: { web: "bin/counter start" }, buildpacks: [], ...(this.hotUpgrade ? { hotUpgrade: this.hotUpgrade } : {}) }
    return { sha256: "a".repeat(64), sizeBytes: 1, meta: { ...meta, ...rest } }
  }

  async remove(id: string): Promise<void> {
    this.worlds.delete(id)
  }

  async forgetApp(): Promise<void> {}

  ends(id: string, code: number, reason: "exit" | "out_of_memory" | "out_of_time" | "cancelled" = "exit"): void {
    this.worlds.set(id, { state: "ended", code, reason })
  }
}
