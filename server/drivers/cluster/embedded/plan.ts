import type { Endpoint } from "@/server/drivers/edge/port"
import { type AppWish, type ClusterView, notDraining, type Replica } from "../port"
import { NOTHING_OPEN, nextDrainLook, paceOf } from "./drain"
import { exitOf, type Identity, look, type Seen, type World } from "./world"

/** What to do, in this order: the balancer first, so that nothing is sent to what goes or to what takes a former one's place. */
export interface Plan {
  endpoints: Endpoint[]
  /** How many WebSockets a replica may keep that has more. */
  keeps: Map<string, number>
  removes: string[]
  creates: Identity[]
  stops: Array<{ id: string; graceSeconds: number }>
  view: ClusterView
}

export const APP_PORT = 4000
const SSH_PORT = 2222
/** Slot 1 is the gateway of an app's network of 62, and the last ten are for one-offs. */
const MOST_CONTAINERS = 51
/** Between SIGTERM and SIGKILL. */
const GRACE_SECONDS = 10
const FIRST_PAUSE_SECONDS = 1
const LONGEST_PAUSE_SECONDS = 60
/** Who was well for so long starts its count of restarts anew. */
const WELL_SECONDS = 60
/** An unhealthy replica may come round; then it is ended and replaced. */
const UNHEALTHY_SECONDS = 60
/** A look at who starts waits a while for its first answer. */
const LOOK = { starting: 0.05, draining: 0.25, slow: 10 }

/**
 * From what is wished and what is there: the next safe steps, and what they leave. Pure. Traffic moves only when all that is
 * wanted of the target is healthy, and others leave only after it stayed so for the settle time; until then those of the former
 * generation are looked after as well: who of them ends is started again.
 */
export function plan(wish: AppWish, world: World, now: Date): Plan {
  const at = new At(wish, now)
  const judged = look(world).map((seen) => at.judge(seen))
  const gone = judged.filter((seen) => at.isGone(seen))
  const there = judged.filter((seen) => !gone.includes(seen))
  at.notice(there)
  const wanted = at.wantedOf(there)
  const others = there.filter((seen) => !wanted.includes(seen))
  const kept = at.keptOf(wanted, others)
  at.share(wanted, others, kept)
  const keeps = at.drain(others, world.connections)
  const stops = at.stops([...wanted, ...kept], others, world.connections)
  const due = [...wanted, ...kept].filter(
    ({ replica }) => replica.state === "waiting" && replica.retryAt !== null && replica.retryAt <= now,
  )
  const creates = at.creates({ wanted, others, kept, due })
  const staying = there.filter((seen) => !due.includes(seen))
  return {
    endpoints: staying.flatMap(({ replica }) => endpointOf(replica)),
    keeps,
    removes: [...gone, ...due].map(({ replica }) => replica.id),
    creates,
    stops,
    view: {
      replicas: staying.map(({ replica }) => replica),
      phase: at.phase(wanted, others, creates.length),
      ...at.toUpgrade(wanted, others, kept),
      nextLookSeconds: at.nextLook(staying, creates.length > 0, at.pauseSeconds(wanted)),
    },
  }
}

/** The app's replicas, sorted by what becomes of them. */
interface Sorted {
  wanted: readonly Seen[]
  others: readonly Seen[]
  /** Of the others, those of the former generation that go on. */
  kept: readonly Seen[]
  /** Of the wanted and the kept, those whose pause after an end is over. */
  due: readonly Seen[]
}

/** One look: the wish at a time. Its methods change only the replicas that `look` has just made. */
class At {
  readonly #size: number
  /** Whether some of the former generation are still to be upgraded in place. */
  #isUpgrading = false

  constructor(
    readonly wish: AppWish,
    readonly now: Date,
  ) {
    this.#size = wish.target ? wish.replicas : 0
  }

  /** Brings a replica's state to what its container and its checks say. */
  judge(seen: Seen): Seen {
    const { replica, container, probe } = seen
    if (container.state === "ended") this.#judgeEnd(seen)
    else if (replica.state === "starting" || replica.state === "healthy" || replica.state === "unhealthy") this.#judgeHealth(replica, probe)
    return seen
  }

  #judgeEnd({ replica, container }: Seen): void {
    const exit = exitOf(container)
    if (replica.state === "waiting" || !exit) return
    const wasWell =
      replica.healthyAt !== null && container.exit !== null && secondsBetween(replica.healthyAt, container.exit.at) >= WELL_SECONDS
    const restarts = wasWell ? 0 : replica.restarts
    const pause = exit.reason === "lost" ? 0 : Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** restarts)
    const retryAt = new Date(new Date(exit.at).getTime() + pause * 1000)
    const drained = replica.drainingAt !== null
    Object.assign(replica, { state: drained ? "exited" : "waiting", traffic: "none", restarts, lastExit: exit, retryAt })
  }

  #judgeHealth(replica: Replica, probe: Seen["probe"]): void {
    const { check } = this.wish
    if (probe.successes >= check.successes && replica.state !== "healthy") {
      Object.assign(replica, { state: "healthy", healthyAt: this.now })
    } else if (replica.state === "healthy" && probe.failures >= check.failures) {
      replica.state = "unhealthy"
    } else if (replica.state === "starting" && secondsBetween(replica.startedAt, this.now) > check.graceSeconds) {
      replica.state = "unhealthy"
    }
  }

  /** Ended, and not to be started again. */
  isGone({ replica, container }: Seen): boolean {
    if (container.state !== "ended") return false
    return replica.drainingAt !== null || !(this.#isOfTarget(replica) || this.#isOfFormer(replica))
  }

  /** Before anything is decided. */
  notice(there: readonly Seen[]): void {
    const hasFormer = there.some(({ replica }) => this.#isOfFormer(replica) && replica.drainingAt === null)
    const upgraded = there.filter((seen) => this.#isOfTarget(seen.replica) && isUpgraded(seen))
    this.#isUpgrading = this.wish.inPlace === "wished" && hasFormer && upgraded.length < this.#size
  }

  /** The replicas that stay: of the target the lowest, those not yet sent away first. */
  wantedOf(there: readonly Seen[]): Seen[] {
    const mayStay = ({ replica }: Seen) => !(replica.state === "stopping" && replica.drainingAt) && !this.#isReplaced(replica)
    const candidates = there.filter((seen) => this.#isOfTarget(seen.replica) && mayStay(seen))
    const staying = candidates.filter(({ replica }) => replica.drainingAt === null)
    const leaving = candidates.filter(({ replica }) => replica.drainingAt !== null)
    const wanted = [...this.#inPlaceFirst(staying), ...leaving].slice(0, this.#size)
    for (const seen of wanted) if (seen.replica.drainingAt) this.#callBack(seen)
    return wanted
  }

  /** The one that was started beside those that are upgraded comes last; of an upgrade that was given up, what it broke is left out. */
  #inPlaceFirst(staying: readonly Seen[]): readonly Seen[] {
    const { inPlace } = this.wish
    // Who was healthy already stays before who never was, whatever their places.
    if (!inPlace) return staying.toSorted((a, b) => Number(a.replica.healthyAt === null) - Number(b.replica.healthyAt === null))
    const good = inPlace === "wished" ? staying : staying.filter((seen) => isHealthy(seen) || !isUpgraded(seen))
    const rank = (seen: Seen) => (isUpgraded(seen) ? 0 : 1) + (inPlace === "wished" || isHealthy(seen) ? 0 : 2)
    return good.toSorted((a, b) => rank(a) - rank(b))
  }

  /** Those that go on serving, or stand by, until the target has settled: of the former generation, or the one that is replaced. */
  keptOf(wanted: readonly Seen[], others: readonly Seen[]): Seen[] {
    if (this.#mayLeave(wanted)) return []
    const replaced = others.filter(({ replica }) => this.#isReplaced(replica) && replica.drainingAt === null)
    if (!this.wish.former) return replaced
    const staying = others.filter(({ replica }) => this.#isOfFormer(replica) && replica.drainingAt === null)
    return staying.slice(0, this.wish.former.replicas)
  }

  /** Decides who takes traffic, and who leaves. */
  share(wanted: readonly Seen[], others: readonly Seen[], kept: readonly Seen[]): void {
    const serving = others.filter(({ replica }) => replica.traffic !== "none" && replica.drainingAt === null)
    const isReady = this.#isReady(wanted)
    if (this.#isUpgrading || (this.wish.inPlace === "given_up" && !isReady)) this.#shareInPlace(wanted, kept)
    else if (kept.some(({ replica }) => this.#isReplaced(replica))) this.#shareReplaced(wanted, kept)
    else this.#shift(wanted, serving, kept)
    const mayLeave = this.#mayLeave(wanted)
    for (const seen of others) {
      const { replica } = seen
      if (replica.drainingAt !== null || replica.state === "stopping" || kept.includes(seen)) continue
      // Who never had traffic of a former target serves nobody; of this one's are too many.
      const isTooMany = this.#isOfTarget(replica) && !this.#isStandIn(seen)
      if (mayLeave || replica.traffic === "none" || isTooMany) this.#sendAway(replica)
    }
  }

  /** From one generation to the other, in one step. */
  #shift(wanted: readonly Seen[], serving: readonly Seen[], kept: readonly Seen[]): void {
    const isReady = this.#isReady(wanted)
    // Also the ones that stood by: going back needs not wait for all of them.
    const mayTake = serving.length === 0 || wanted.some(({ replica }) => replica.traffic !== "none")
    // Where the first of the target had to stand in for the former, these take their place again when they are back.
    const isFormerOn = kept.some(isHealthy) && !kept.some(({ replica }) => replica.traffic === "standby")
    const mayServe = isReady || (mayTake && !isFormerOn)
    for (const { replica } of wanted) {
      const otherwise = replica.traffic === "none" ? "none" : "standby"
      replica.traffic = replica.state === "healthy" ? (mayServe ? "active" : otherwise) : "none"
    }
    const haveShifted = this.#size > 0 && wanted.some(({ replica }) => replica.traffic === "active")
    if (haveShifted) for (const { replica } of serving) replica.traffic = "standby"
    for (const seen of kept) seen.replica.traffic = isHealthy(seen) ? (haveShifted ? "standby" : "active") : "none"
  }

  /** Who was upgraded serves on beside who is still to be; who was started anew stands by for both. */
  #shareInPlace(wanted: readonly Seen[], kept: readonly Seen[]): void {
    const servers = [...kept, ...wanted.filter(isUpgraded)]
    const fresh = servers.some(isHealthy) ? "standby" : "active"
    for (const seen of [...kept, ...wanted]) {
      seen.replica.traffic = isHealthy(seen) ? (servers.includes(seen) ? "active" : fresh) : "none"
    }
  }

  /** All of one generation: who is well serves, and the one that is replaced stands by as soon as another has its place. */
  #shareReplaced(wanted: readonly Seen[], kept: readonly Seen[]): void {
    const place = this.#isReady(wanted) ? "standby" : "active"
    for (const seen of wanted) seen.replica.traffic = isHealthy(seen) ? "active" : "none"
    for (const seen of kept) seen.replica.traffic = isHealthy(seen) ? place : "none"
  }

  /** It stands by until those that were upgraded have settled. */
  #isStandIn(seen: Seen): boolean {
    return this.wish.inPlace === "wished" && !isUpgraded(seen) && isHealthy(seen)
  }

  /** Notes what those that drain have open, and who has more WebSockets than its pace allows. */
  drain(others: readonly Seen[], connections: World["connections"]): Plan["keeps"] {
    const keeps: Plan["keeps"] = new Map()
    for (const { replica } of others.filter((seen) => this.#isTold(seen) && !this.#hadItsTime(seen))) {
      const { requests, sockets } = connections.get(replica.id) ?? NOTHING_OPEN
      const elapsed = secondsBetween(replica.drainingAt ?? this.now, this.now)
      const { socketsAtDrain, mayKeep } = paceOf(replica.socketsAtDrain, sockets, elapsed, this.wish.rollout.drainSeconds)
      if (sockets > mayKeep) keeps.set(replica.id, mayKeep)
      Object.assign(replica, { openRequests: requests, openSockets: Math.min(sockets, mayKeep), socketsAtDrain })
    }
    return keeps
  }

  /** Ends who has finished or had its time, and who does not come round. */
  stops(staying: readonly Seen[], others: readonly Seen[], connections: World["connections"]): Plan["stops"] {
    const finished = others.filter((seen) => {
      if (seen.replica.state !== "draining") return false
      const { requests, sockets, sshSessions } = connections.get(seen.replica.id) ?? NOTHING_OPEN
      return this.#hadItsTime(seen) || (this.#isTold(seen) && requests + sockets + sshSessions === 0)
    })
    const lost = staying.filter((seen) => seen.replica.state === "unhealthy" && this.#unhealthyFor(seen) >= UNHEALTHY_SECONDS)
    const stopped = [...finished, ...lost]
    for (const { replica } of stopped) Object.assign(replica, { state: "stopping", traffic: "none", openRequests: null, openSockets: null })
    return stopped.map(({ replica }) => ({ id: replica.id, graceSeconds: GRACE_SECONDS }))
  }

  /** Those whose pause is over at their old place, then the missing ones at the lowest free places: who serves now comes first. */
  creates(sorted: Sorted): Identity[] {
    const { target, former } = this.wish
    const again = sorted.due.map(({ replica: { generation, releaseId, index, restarts, lastExit } }) => ({
      ...{ generation, releaseId, index, lastExit },
      // A restart of the machine is nothing that the app did.
      restarts: lastExit?.reason === "lost" ? restarts : restarts + 1,
    }))
    const missing = [
      ...Array.from({ length: this.#missingOfFormer(sorted) }, () => former?.generation),
      ...Array.from({ length: this.#missingOfTarget(sorted) }, () => target),
    ]
    const taken = new Set([...sorted.wanted, ...sorted.others].map(({ replica }) => replica.index))
    const free = Array.from({ length: MOST_CONTAINERS }, (_, index) => index).filter((index) => !taken.has(index))
    const fresh = free.flatMap((index, place) => {
      const of = missing[place]
      return of ? [{ generation: of.id, releaseId: of.releaseId, index, restarts: 0, lastExit: null }] : []
    })
    return [...again, ...fresh]
  }

  /** How many of the target may be started now: what a batch has room for, and none during the wait between two batches. */
  #missingOfTarget({ wanted, others, due }: Sorted): number {
    if (this.#isUpgrading) return this.#hasStandIn(wanted, others, () => true) ? 0 : 1
    const busy = due.filter(({ replica }) => this.#isOfTarget(replica)).length + wanted.filter(isOnItsWay).length
    const room = this.pauseSeconds(wanted) > 0 ? 0 : Math.max(0, batchOf(this.wish.rollout, this.#size) - busy)
    return Math.min(this.#size - wanted.length, room)
  }

  /** A rollout takes nothing from what serves: who of it is gone is replaced, unless all of it was sent away. */
  #missingOfFormer({ wanted, others, kept }: Sorted): number {
    const { former, rollout } = this.wish
    const wasSentAway = kept.length === 0 && others.some(({ replica }) => this.#isOfFormer(replica))
    if (!former || wasSentAway || this.#mayLeave(wanted)) return 0
    const room = Math.max(0, batchOf(rollout, former.replicas) - kept.filter(isOnItsWay).length)
    if (!this.wish.inPlace) return Math.min(former.replicas - kept.length, room)
    // Those that were upgraded count, and when the last one was there is no going back to them.
    return kept.length === 0 ? 0 : Math.min(former.replicas - kept.length - wanted.filter(isUpgraded).length, room)
  }

  /** Until the next batch may start: all of the one before must be healthy for so long. */
  pauseSeconds(wanted: readonly Seen[]): number {
    const { waitSeconds } = this.wish.rollout
    if (waitSeconds === 0 || wanted.length === 0 || wanted.length >= this.#size) return 0
    if (!wanted.every(isHealthy)) return waitSeconds
    return Math.max(0, waitSeconds - this.#settledFor(wanted))
  }

  phase(wanted: readonly Seen[], others: readonly Seen[], created: number): ClusterView["phase"] {
    const isStanding = others.some(({ replica }) => replica.traffic === "standby" && replica.drainingAt === null)
    if (this.#size === 0) return others.length > 0 ? "draining" : "settled"
    if (this.#isUpgrading) return wanted.some(isUpgraded) || this.#hasStandIn(wanted, others, isHealthy) ? "upgrading" : "starting"
    if (!wanted.every((seen) => this.#isProven(seen))) return "upgrading"
    if (wanted.length < this.#size || created > 0) return "starting"
    if (!wanted.every(isHealthy)) return "checking"
    if (isStanding || this.#settledFor(wanted) < this.wish.rollout.settleSeconds) return "settling"
    return others.length > 0 ? "draining" : "settled"
  }

  /** One at a time, and only while one that was started anew stands by, and all before are well. */
  toUpgrade(wanted: readonly Seen[], others: readonly Seen[], kept: readonly Seen[]): Pick<ClusterView, "toUpgrade"> {
    const areWell = wanted.every((seen) => isHealthy(seen) && this.#isProven(seen))
    if (!this.#isUpgrading || !areWell || !this.#hasStandIn(wanted, others, isHealthy)) return {}
    const next = kept.find((seen) => isHealthy(seen) && seen.replica.traffic === "active")
    return next ? { toUpgrade: next.replica.id } : {}
  }

  /** Soon while something moves; the balancer checks those that serve, so a slow look is enough for them. */
  nextLook(staying: readonly Seen[], hasCreated: boolean, pauseSeconds: number): number {
    const looks = [...staying.map((seen) => this.#nextLookAt(seen)), ...(pauseSeconds > 0 ? [pauseSeconds] : [])]
    return Math.max(0.05, Math.min(LOOK.slow, hasCreated ? LOOK.starting : LOOK.slow, ...looks))
  }

  #nextLookAt({ replica, probe }: Seen): number {
    const { check, rollout } = this.wish
    switch (replica.state) {
      case "starting":
        return LOOK.starting
      case "draining": {
        const elapsed = secondsBetween(replica.drainingAt ?? this.now, this.now)
        return Math.min(nextDrainLook(replica, elapsed), rollout.drainSeconds - elapsed)
      }
      case "stopping":
      case "exited":
        return LOOK.draining
      case "waiting":
        return replica.retryAt ? secondsBetween(this.now, replica.retryAt) : LOOK.draining
      case "unhealthy":
        return check.intervalSeconds
      case "healthy": {
        if (probe.failures > 0) return check.intervalSeconds
        if (this.#isUpgrading) return LOOK.draining
        const settlesIn = rollout.settleSeconds - secondsBetween(replica.healthyAt ?? this.now, this.now)
        return settlesIn > 0 ? Math.min(settlesIn, check.intervalSeconds) : LOOK.slow
      }
    }
  }

  #isOfTarget(replica: Replica): boolean {
    return this.wish.target !== null && replica.generation === this.wish.target.id
  }

  #isReplaced(replica: Replica): boolean {
    return this.wish.replaces === replica.id && this.#isOfTarget(replica)
  }

  #isOfFormer(replica: Replica): boolean {
    return replica.generation === this.wish.former?.generation.id
  }

  #isReady(wanted: readonly Seen[]): boolean {
    return wanted.length === this.#size && !this.#isUpgrading && wanted.every((seen) => isHealthy(seen) && this.#isProven(seen))
  }

  #hasStandIn(wanted: readonly Seen[], others: readonly Seen[], is: (seen: Seen) => boolean): boolean {
    const fresh = [...wanted, ...others].filter((seen) => this.#isOfTarget(seen.replica) && !isUpgraded(seen))
    return fresh.some((seen) => seen.replica.drainingAt === null && is(seen))
  }

  /** Whoever was upgraded is checked anew: what is known of it is of the time since. */
  #isProven(seen: Seen): boolean {
    return this.wish.inPlace !== "wished" || !isUpgraded(seen) || seen.probe.successes >= this.wish.check.successes
  }

  /** Whether the others are needed no more. */
  #mayLeave(wanted: readonly Seen[]): boolean {
    return this.#size === 0 || (this.#isReady(wanted) && this.#settledFor(wanted) >= this.wish.rollout.settleSeconds)
  }

  /** Sent away just now, the balancer is yet to hear of it, so what it counts is not the last word. */
  #isTold({ replica }: Seen): boolean {
    return replica.state === "draining" && replica.drainingAt !== null && replica.drainingAt < this.now
  }

  #hadItsTime({ replica }: Seen): boolean {
    return replica.drainingAt !== null && secondsBetween(replica.drainingAt, this.now) >= this.wish.rollout.drainSeconds
  }

  #sendAway(replica: Replica): void {
    Object.assign(replica, { state: replica.state === "waiting" ? "exited" : "draining", traffic: "none", drainingAt: this.now })
  }

  /** It was on its way out and still runs: it was healthy when it was sent away, unless its checks say otherwise. */
  #callBack({ replica, probe }: Seen): void {
    const state = probe.failures > 0 || replica.healthyAt === null ? "starting" : "healthy"
    Object.assign(replica, { state, ...notDraining })
  }

  /** Until its grace is over, a replica that never answered counts as on its way. */
  #unhealthyFor({ replica, probe }: Seen): number {
    if (replica.healthyAt === null) return secondsBetween(replica.startedAt, this.now) - this.wish.check.graceSeconds
    return secondsBetween(probe.failingSince ?? this.now, this.now)
  }

  /** Traffic moves the moment the last one is healthy: since then, they have been tried by it. */
  #settledFor(wanted: readonly Seen[]): number {
    const since = wanted.map(({ replica }) => replica.healthyAt?.getTime() ?? this.now.getTime())
    return (this.now.getTime() - Math.max(...since)) / 1000
  }
}

/** Its container was made for another generation. */
const isUpgraded = ({ replica, container }: Seen) => container.labels.generation !== replica.generation
const isHealthy = ({ replica }: Seen) => replica.state === "healthy"
const isOnItsWay = ({ replica }: Seen) => replica.state === "starting" || replica.state === "unhealthy"

const batchOf = ({ batchSize }: AppWish["rollout"], size: number) => (batchSize > 0 ? batchSize : Math.max(1, Math.ceil(size / 4)))

/** Who leaves is still listed while it finishes; who never had traffic or has ended is not. */
export function endpointOf({ id, address, traffic, state, healthyAt }: Replica): Endpoint[] {
  const at = { id, address: `${address}:${APP_PORT}`, sshAddress: `${address}:${SSH_PORT}` }
  if (traffic !== "none") return [{ ...at, traffic }]
  const mayHaveRequests = healthyAt !== null && (state === "draining" || state === "stopping" || state === "unhealthy")
  return mayHaveRequests ? [{ ...at, traffic: "draining" }] : []
}

const secondsBetween = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 1000
