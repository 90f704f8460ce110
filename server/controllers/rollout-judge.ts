import type { AppSettings } from "@/db/schema"
import type { ClusterView, Replica } from "@/server/drivers/cluster/port"
import type { Rollout } from "@/server/releases"

/** What a look at the world means for a rollout. */
export type Verdict =
  | { kind: "goes_on"; state: Rollout["state"] }
  | { kind: "live"; state: Rollout["state"] }
  | { kind: "ended"; state: "settled" | "failed" }
  | { kind: "goes_back"; reason: string; culprit: string | null }

export interface Facts {
  rollout: Pick<Rollout, "state" | "generation" | "createdAt" | "liveAt" | "replicas" | "size">
  view: Pick<ClusterView, "phase" | "replicas">
  check: AppSettings["check"]
  now: Date
  /** Whether a newer rollout waits: it need not wait for old sockets to drain. */
  isAwaited: boolean
  /** Whether the settled rollout before has the same replicas: a mere scale. */
  keepsGeneration: boolean
}

/** Before it took traffic a replica may fail twice: a database that is not up yet should not fail a deploy. */
const STARTS_BEFORE_FAILURE = 3
/** Nothing waits for ever, whatever the settings say. */
const LONGEST_ROLLOUT_SECONDS = 1800

/** Decides what comes next for a rollout. Pure: all it knows is in its facts. */
export function judgeRollout(facts: Facts): Verdict {
  const { rollout, view } = facts
  if (rollout.state === "reverting") return isServing(view) ? { kind: "ended", state: "failed" } : { kind: "goes_on", state: "reverting" }
  const failure = rollout.state === "draining" ? null : failureOf(facts)
  if (failure) return { kind: "goes_back", ...failure }
  if (view.phase === "settled") return rollout.liveAt ? { kind: "ended", state: "settled" } : { kind: "live", state: "settling" }
  if (view.phase === "draining" && rollout.liveAt && facts.isAwaited) return { kind: "ended", state: "settled" }
  if (isServing(view) && !rollout.liveAt) return { kind: "live", state: "settling" }
  return { kind: "goes_on", state: view.phase }
}

function isServing(view: Pick<ClusterView, "phase">): boolean {
  return view.phase === "settling" || view.phase === "draining" || view.phase === "settled"
}

function failureOf(facts: Facts): { reason: string; culprit: string | null } | null {
  const { rollout, view, check, now } = facts
  const mine = view.replicas.filter((replica) => replica.generation === rollout.generation && isOfThisRollout(replica, facts))
  const ended = mine.find((replica) => (rollout.liveAt ? endedSince(replica, rollout.liveAt) : startsOf(replica) >= STARTS_BEFORE_FAILURE))
  if (ended) return { reason: exitSentence(ended, rollout), culprit: ended.id }
  const deaf = mine.find((replica) => !rollout.liveAt && secondsSince(replica.startedAt, now) > check.graceSeconds && isDeaf(replica))
  if (deaf) return { reason: deafSentence(check), culprit: deaf.id }
  const sick = mine.find((replica) => rollout.liveAt && replica.state === "unhealthy")
  if (sick)
    return {
      reason: `The new release stopped answering its health check after it took the traffic (replica ${sick.id}).`,
      culprit: sick.id,
    }
  if (secondsSince(rollout.createdAt, now) > LONGEST_ROLLOUT_SECONDS && !rollout.liveAt) {
    return { reason: "The rollout took longer than half an hour.", culprit: null }
  }
  return null
}

/** A scale answers only for the replicas that it started. */
function isOfThisRollout(replica: Replica, { keepsGeneration, rollout }: Facts): boolean {
  return !keepsGeneration || replica.startedAt >= rollout.createdAt
}

const isDeaf = (replica: Replica) => replica.healthyAt === null && (replica.state === "starting" || replica.state === "unhealthy")

function startsOf(replica: Replica): number {
  const hasEnded = replica.state === "waiting" || replica.state === "exited"
  return replica.restarts + (hasEnded ? 1 : 0)
}

function endedSince(replica: Replica, since: Date): boolean {
  return replica.lastExit !== null && new Date(replica.lastExit.at) >= since
}

const secondsSince = (then: Date, now: Date) => (now.getTime() - then.getTime()) / 1000

function exitSentence(replica: Replica, rollout: Facts["rollout"]): string {
  const when = rollout.liveAt ? "soon after it took the traffic" : "before it was healthy"
  switch (replica.lastExit?.reason) {
    case "out_of_memory":
      return `A replica needed more memory than its size ${rollout.size} allows (${Math.round(rollout.size * 1000)} MB) and was ended ${when}: scale to a larger size.`
    case "normal":
      return `The app ended by itself ${when} (exit code 0): its web process must keep running.`
    default:
      return `The app crashed ${when} (exit code ${replica.lastExit?.code ?? "unknown"}): its last lines say why.`
  }
}

function deafSentence(check: AppSettings["check"]): string {
  const what = check.kind === "http" ? `a good answer to GET ${check.path}` : "a connection"
  return `No replica gave ${what} on port 4000 within ${check.graceSeconds} seconds: the app must listen on 0.0.0.0 and the port in PORT.`
}
