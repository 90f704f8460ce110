import { randomInt } from "node:crypto"
import type { Balancer, Endpoint } from "@/server/drivers/edge/port"
import type { Clock } from "@/server/kernel/clock"
import { invariant } from "@/server/kernel/errors"
import type { Container, CreateContainer, Runner } from "@/server/runner"
import { limitsOf, revealed } from "./embedded/limits"
import { OneOffs } from "./embedded/one-offs"
import { OpenCounts } from "./embedded/open-counts"
import { endpointOf, type Plan, plan } from "./embedded/plan"
import { Probes } from "./embedded/probes"
import { fresh, type Identity, labelsOf } from "./embedded/world"
import type { AppWish, Cluster, ClusterApp, ClusterView, Generation, OneOffOrder, Replica, Upgrade } from "./port"

export interface EmbeddedClusterOptions {
  runner: Runner
  balancer: Balancer
  clock: Clock
  /** The writable disk of each replica and one-off; sparse, so it costs what is used. */
  diskBytes?: number
}

const DISK_BYTES = 2_000_000_000
const FIRST_SLOT = 2
const GRACE_SECONDS = 10
/** So long a process trusts what it told the balancer itself. */
const TOLD_SECONDS = 30

/** Replicas in runc on this machine, stepped by us: `plan` decides, this looks and carries out. */
export function embeddedCluster(options: EmbeddedClusterOptions): Cluster {
  return new EmbeddedCluster(options)
}

class EmbeddedCluster implements Cluster {
  readonly #options: EmbeddedClusterOptions
  readonly #oneOffs: OneOffs
  /** By app. */
  readonly #probes = new Map<string, Probes>()
  readonly #openCounts = new Map<string, OpenCounts>()
  /** What this process last told the balancer, by app. */
  readonly #told = new Map<string, { endpoints: string; at: Date }>()

  constructor(options: EmbeddedClusterOptions) {
    this.#options = options
    this.#oneOffs = new OneOffs(options.runner, options.diskBytes ?? DISK_BYTES)
  }

  async step(wish: AppWish, last: readonly Replica[]): Promise<ClusterView> {
    const containers = await this.#containersOf(wish.app)
    const { clock, balancer } = this.#options
    const running = containers.filter((one) => one.state === "running")
    const probes = await this.#probesOf(wish.app).look(running, wish.check, clock.now())
    const openCounts = this.#openCountsOf(wish.app)
    const connections = await openCounts.look(last, clock.now(), () => balancer.connections(wish.app))
    const next = plan(wish, { containers, last, probes, connections }, clock.now())
    await this.#balance(wish, next.endpoints, last)
    if (next.keeps.size > 0) await balancer.closeSockets(wish.app, next.keeps)
    openCounts.gaveUp(next.keeps)
    return this.#carryOut(wish, next)
  }

  async remove(app: ClusterApp): Promise<boolean> {
    const { runner, balancer } = this.#options
    const containers = (await runner.list({ app: app.number })).filter((one) => one.kind !== "build")
    await balancer.balance(app, [], { kind: "tcp", path: "/", intervalSeconds: 1 })
    for (const known of [this.#probes, this.#openCounts, this.#told]) known.delete(app.id)
    for (const { id, state } of containers) await (state === "ended" ? runner.remove(id) : runner.stop(id, GRACE_SECONDS))
    if (containers.some((one) => one.state === "running")) return false
    await runner.forgetApp(app.number)
    return true
  }

  async kill(app: ClusterApp, replicaId: string): Promise<void> {
    const isOurs = (await this.#containersOf(app)).some((one) => one.id === replicaId)
    if (isOurs) await this.#options.runner.remove(replicaId)
  }

  async upgrade(app: ClusterApp, replicaId: string, target: Generation): Promise<Upgrade> {
    const container = (await this.#containersOf(app)).find((one) => one.id === replicaId)
    if (container?.state !== "running") return { ok: false, reason: "The replica has ended." }
    const upgraded = await this.#options.runner.upgrade(replicaId, target.releaseVersion)
    this.#probesOf(app).forget(replicaId)
    return upgraded
  }

  usage(replicaId: string) {
    return this.#options.runner.usage(replicaId)
  }

  runOneOff(order: OneOffOrder) {
    return this.#oneOffs.run(order)
  }

  observeOneOff(app: ClusterApp, id: string) {
    return this.#oneOffs.observe(app, id)
  }

  endOneOff(app: ClusterApp, id: string, graceSeconds: number) {
    return this.#oneOffs.end(app, id, graceSeconds)
  }

  removeOneOff(app: ClusterApp, id: string) {
    return this.#oneOffs.remove(app, id)
  }

  /**
   * Only when something changed: since the last look that was written down, and since this process last told. Other processes
   * tell too, so that alone proves nothing for long.
   */
  async #balance({ app, check }: AppWish, endpoints: readonly Endpoint[], last: readonly Replica[]): Promise<void> {
    const { kind, path, expectedStatus, intervalSeconds } = check
    const probe = { kind, path, expectedStatus, intervalSeconds }
    const text = (some: readonly Endpoint[]) => JSON.stringify([some, probe])
    const told = this.#told.get(app.id)
    const now = this.#options.clock.now()
    const isFresh = told !== undefined && now.getTime() - told.at.getTime() < TOLD_SECONDS * 1000
    if (isFresh && told.endpoints === text(endpoints) && text(last.flatMap(endpointOf)) === text(endpoints)) return
    await this.#options.balancer.balance(app, endpoints, probe)
    this.#told.set(app.id, { endpoints: text(endpoints), at: now })
  }

  /** After the balancer: see `Plan`. Whatever fails in between is found by the next step as it is. */
  async #carryOut({ app, target, former }: AppWish, { removes, creates, stops, view }: Plan): Promise<ClusterView> {
    const { runner } = this.#options
    for (const id of removes) await runner.remove(id)
    const made: Replica[] = []
    for (const identity of creates) {
      const generation = [target, former?.generation].find((one) => one?.id === identity.generation)
      invariant(generation, "what is made is of the target or of the former generation")
      made.push(fresh(await runner.create(orderOf(app, generation, identity, this.#options.diskBytes ?? DISK_BYTES))))
    }
    for (const { id, graceSeconds } of stops) await runner.stop(id, graceSeconds)
    return { ...view, replicas: [...view.replicas, ...made].sort((a, b) => a.index - b.index) }
  }

  #probesOf(app: ClusterApp): Probes {
    const probes = this.#probes.get(app.id) ?? new Probes()
    this.#probes.set(app.id, probes)
    return probes
  }

  #openCountsOf(app: ClusterApp): OpenCounts {
    const counts = this.#openCounts.get(app.id) ?? new OpenCounts()
    this.#openCounts.set(app.id, counts)
    return counts
  }

  #containersOf(app: ClusterApp): Promise<Container[]> {
    return this.#options.runner.list({ app: app.number, kind: "replica" })
  }
}

/** What the runner is asked to make. */
function orderOf(app: ClusterApp, generation: Generation, identity: Identity, diskBytes: number): CreateContainer {
  return {
    kind: "replica",
    id: `${app.name}-${sixCharacters()}`,
    app: app.number,
    slot: FIRST_SLOT + identity.index,
    stack: generation.stack,
    env: { ...revealed(generation.env), HOST_INDEX: String(identity.index) },
    limits: limitsOf(generation.size, diskBytes),
    labels: labelsOf(identity),
  }
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
const sixCharacters = () => Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")
