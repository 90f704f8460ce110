import type { AppSettings } from "@/db/schema"
import type { ClusterView, Replica } from "@/server/drivers/cluster/port"
import type { Rollout } from "@/server/releases"

/** What a look at the world means for a rollout. */
export type Verdict =
  | { kind: "goes_on"; state: Rollout["state"] }
  | { kind: "live"; state: Rollout["state"] }
  | { kind: "ended"; state: "settled" | "reverted" | "failed" | "cancelled"; reason?: string; culprit?: Culprit }
  /** An upgrade in place that is given up: the same generation is rolled. */
  | { kind: "rolls_on"; reason: string }
  | { kind: "goes_back"; reason: string; culprit: Culprit | null }

/** Whose last lines say why. */
export interface Culprit {
  id: string
  /** What ended prints no more, and its last lines are stored a moment after: until when to wait for them; `null`: it runs. */
  waitUntil: Date | null
}

export interface Facts {
  rollout: Pick<
    Rollout,
    "state" | "generation" | "createdAt" | "liveAt" | "replicas" | "size" | "steps" | "reason" | "cancelRequestedAt" | "strategy"
  >
  view: Pick<ClusterView, "phase" | "replicas">
  settings: Pick<AppSettings, "check" | "rollout">
  now: Date
  /** Whether a newer rollout waits: it need not wait for old sockets to drain. */
  isAwaited: boolean
  /** The last that settled: what one goes back to. `null`: nothing ran before. */
  good: Pick<Rollout, "generation"> | null
}

/** Before it took traffic a replica may fail twice: a database that is not up yet should not fail a deploy. */
const STARTS_BEFORE_FAILURE = 3
/** Nothing waits for ever, whatever the settings say. */
const LONGEST_ROLLOUT_SECONDS = 1800
/** After that long, besides the grace, what ran before counts as not coming back: a newer push must get its turn. */
const LONGEST_RETURN_SECONDS = 300

/** Decides what comes next for a rollout whose replicas are looked at. Pure: all it knows is in its facts. */
export function judgeRollout(facts: Facts): Verdict {
  switch (facts.rollout.state) {
    case "reverting":
      return judgeReturn(facts)
    case "draining":
      return judgeDrain(facts)
    default:
      return judgeAdvance(facts)
  }
}

function judgeAdvance(facts: Facts): Verdict {
  const { rollout, view } = facts
  const broken = brokenUpgrade(facts)
  if (broken) return { kind: "rolls_on", reason: broken }
  const failure = failureOf(facts)
  if (failure) return { kind: "goes_back", ...failure }
  if (!rollout.liveAt) return isServing(view) ? { kind: "live", state: "settling" } : { kind: "goes_on", state: view.phase }
  if (view.phase === "settled" || (view.phase === "draining" && facts.isAwaited)) return { kind: "ended", state: "settled" }
  // Once it is live it does not start anew: a replica that somebody ended is only replaced.
  return { kind: "goes_on", state: view.phase === "draining" ? "draining" : "settling" }
}

/** It has settled: whatever befalls it now is no matter of the rollout, which only waits for those who leave. */
function judgeDrain({ rollout, view, isAwaited }: Facts): Verdict {
  const areLeaving = view.replicas.some((replica) => replica.generation !== rollout.generation || replica.drainingAt !== null)
  return areLeaving && !isAwaited ? { kind: "goes_on", state: "draining" } : { kind: "ended", state: "settled" }
}

function judgeReturn({ rollout, view, settings, now, isAwaited, good }: Facts): Verdict {
  const outcome = rollout.cancelRequestedAt ? "cancelled" : good ? "reverted" : "failed"
  if (isServing(view)) return { kind: "ended", state: outcome }
  const runs = view.replicas.some((replica) => replica.generation === good?.generation && replica.traffic === "active")
  const isLate = secondsSince(stepStart(rollout, "reverting", now), now) > settings.check.graceSeconds + LONGEST_RETURN_SECONDS
  if (runs && (isAwaited || isLate)) return { kind: "ended", state: outcome }
  if (!isLate) return { kind: "goes_on", state: "reverting" }
  const reason = [rollout.reason, "What ran before does not become healthy either: look at its logs."].filter(Boolean).join(" ")
  return { kind: "ended", state: "failed", reason }
}

function isServing(view: Pick<ClusterView, "phase">): boolean {
  return view.phase === "settling" || view.phase === "draining" || view.phase === "settled"
}

/** A replica that does badly since upgrades in place began: that may be the upgrade's fault, and is not the release's as long as it may. */
function brokenUpgrade({ rollout, view, now }: Facts): string | null {
  if (rollout.strategy !== "hot" || !rollout.steps.some((step) => step.name === "upgrading")) return null
  const since = stepStart(rollout, "upgrading", now)
  const mine = view.replicas.filter((replica) => replica.generation === rollout.generation && replica.drainingAt === null)
  const ended = mine.find((replica) => endedSince(replica, since))
  if (ended) return `A replica ended after it was upgraded (exit code ${ended.lastExit?.code ?? "unknown"}).`
  const sick = mine.find((replica) => replica.state === "unhealthy")
  return sick ? `The replica ${sick.id} stopped answering its health check after it was upgraded.` : null
}

interface Failure {
  reason: string
  culprit: Culprit | null
}

function failureOf(facts: Facts): Failure | null {
  const { rollout, view } = facts
  const mine = view.replicas.filter((replica) => replica.generation === rollout.generation && isOfThisRollout(replica, facts))
  const ended = mine.find((replica) => (rollout.liveAt ? endedSince(replica, rollout.liveAt) : startsOf(replica) >= STARTS_BEFORE_FAILURE))
  if (ended) return { reason: exitSentence(ended, rollout), culprit: { id: ended.id, waitUntil: untilStarted(ended) } }
  const sick = mine.find((replica) => isSick(replica, facts))
  if (sick) return { reason: sickSentence(sick, facts), culprit: { id: sick.id, waitUntil: null } }
  const late = lateSentence(facts)
  return late ? { reason: late, culprit: null } : null
}

/** Started again, it is another container: its last lines are those of before. */
function untilStarted({ retryAt }: Replica): Date | null {
  return retryAt && new Date(retryAt.getTime() - 300)
}

/** A scale answers only for the replicas that it started. */
function isOfThisRollout(replica: Replica, { good, rollout }: Facts): boolean {
  return good?.generation !== rollout.generation || replica.startedAt >= rollout.createdAt
}

/** It never answered within its grace, or it answered and does so no more. */
function isSick(replica: Replica, { rollout, settings, now }: Facts): boolean {
  if (replica.healthyAt !== null || rollout.liveAt) return replica.state === "unhealthy"
  const isDeaf = replica.state === "starting" || replica.state === "unhealthy"
  return isDeaf && secondsSince(replica.startedAt, now) > settings.check.graceSeconds
}

function startsOf(replica: Replica): number {
  const hasEnded = (replica.state === "waiting" || replica.state === "exited") && replica.lastExit?.reason !== "lost"
  return replica.restarts + (hasEnded ? 1 : 0)
}

function endedSince(replica: Replica, since: Date): boolean {
  return replica.lastExit !== null && replica.lastExit.reason !== "lost" && new Date(replica.lastExit.at) >= since
}

/** When a step began; the end of the last time it came, where it came several times. */
function stepStart({ steps }: Pick<Rollout, "steps">, name: Rollout["state"], otherwise: Date): Date {
  const step = steps.find((one) => one.name === name)
  return step ? new Date(step.startedAt) : otherwise
}

const secondsSince = (then: Date, now: Date) => (now.getTime() - then.getTime()) / 1000

function lateSentence({ rollout, settings, now }: Facts): string | null {
  const { waitSeconds, settleSeconds } = settings.rollout
  const began = stepStart(rollout, "starting", rollout.createdAt)
  if (rollout.liveAt) {
    const isLate = secondsSince(rollout.liveAt, now) > settleSeconds + LONGEST_ROLLOUT_SECONDS
    return isLate ? "The new release took the traffic and did not settle within half an hour." : null
  }
  const isLate = secondsSince(began, now) > LONGEST_ROLLOUT_SECONDS + rollout.replicas * waitSeconds
  return isLate ? "The replicas did not all become healthy within half an hour." : null
}

function exitSentence(replica: Replica, rollout: Facts["rollout"]): string {
  const when = rollout.liveAt
    ? "soon after it took the traffic"
    : replica.healthyAt
      ? "soon after its first check"
      : "before it was healthy"
  switch (replica.lastExit?.reason) {
    case "out_of_memory":
      return `A replica needed more memory than its size ${rollout.size} allows (${Math.round(rollout.size * 1000)} MB) and was ended ${when}: scale to a larger size.`
    case "normal":
      return `The app ended by itself ${when} (exit code 0): its web process must keep running.`
    default:
      return `The app crashed ${when} (exit code ${replica.lastExit?.code ?? "unknown"}): its last lines say why.`
  }
}

function sickSentence(replica: Replica, { rollout, settings: { check } }: Facts): string {
  if (replica.healthyAt !== null || rollout.liveAt) {
    const when = rollout.liveAt ? "after it took the traffic" : "before it took the traffic"
    return `The new release stopped answering its health check ${when} (replica ${replica.id}).`
  }
  const what = check.kind === "http" ? `a good answer to GET ${check.path}` : "a connection"
  return `No replica gave ${what} on port 4000 within ${check.graceSeconds} seconds: the app must listen on 0.0.0.0 and the port in PORT.`
}
