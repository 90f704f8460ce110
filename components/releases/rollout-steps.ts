import type { Step } from "@/components/ui/progress-steps"
import type { RolloutView } from "@/server/releases/rollout-view"
import { leftInWords } from "./left-words"

type State = RolloutView["state"]
type StepName = RolloutView["steps"][number]["name"]

/** Every state that is work, as what is done in it; the others are outcomes. */
const labels: Record<State, string> = {
  waiting: "Waiting for its turn",
  releasing: "Release command",
  starting: "Starting replicas",
  upgrading: "Upgrading in place",
  checking: "Waiting until they are healthy",
  shifting: "Shifting the traffic",
  settling: "Watching that they stay up",
  draining: "Letting the old ones finish",
  reverting: "Going back to what ran before",
  settled: "Done",
  reverted: "Taken back",
  failed: "Failed",
  cancelled: "Cancelled",
  superseded: "Replaced before it ran",
}

/** Of a hot one, where they mean something else: a stand-in proves the new slug first. */
const hotLabels: Partial<Record<State, string>> = {
  starting: "Starting a stand-in",
  checking: "Waiting until it is healthy",
}

/** The way of a rollout; what it skipped was not needed. Of a hot one a stand-in is started and checked before any is upgraded. */
const WAY: readonly StepName[] = ["waiting", "releasing", "starting", "checking", "upgrading", "shifting", "settling", "draining"]
const SHORTEST_WAIT_MS = 1_000
const WENT_BACK: ReadonlySet<State> = new Set<State>(["reverting", "reverted", "failed", "cancelled"])

export interface RolloutStep extends Step {
  step: StepName
}

type Facts = Pick<
  RolloutView,
  "steps" | "state" | "endedAt" | "createdAt" | "strategy" | "replicas" | "draining" | "releaseCommand" | "usual" | "cancelRequestedAt"
>

/** A rollout's steps in the order they came, those to come included. A step that came several times (one a batch) is told once. Pure. */
export function stepsOf(rollout: Facts): RolloutStep[] {
  const { steps, state } = rollout
  const isBack = WENT_BACK.has(state)
  const went = [...new Set(steps.map(({ name }) => name))].filter(
    (name) => WAY.includes(name) && (name !== "waiting" || isWorthTelling(rollout)),
  )
  const others = isBack ? [] : WAY.filter((name) => !went.includes(name) && isOnTheWay(name, rollout))
  const back: StepName[] = steps.some(({ name }) => name === "reverting") ? ["reverting"] : []
  const stoppedAt = isBack ? went.at(-1) : undefined
  return [...inOrder(went, others), ...back].map((name) => stepOf(name, rollout, name === stoppedAt))
}

/** Where nothing was before it, the controller takes it up within a moment. */
function isWorthTelling({ steps, state }: Facts): boolean {
  const waiting = steps.find(({ name }) => name === "waiting")
  if (!waiting?.endedAt || state === "waiting" || steps.length === 1) return true
  return Date.parse(waiting.endedAt) - Date.parse(waiting.startedAt) >= SHORTEST_WAIT_MS
}

function isOnTheWay(name: StepName, { state, strategy, releaseCommand, endedAt }: Facts): boolean {
  if (name === "waiting") return state === "waiting"
  if (name === "releasing") return releaseCommand !== null
  if (name === "upgrading") return strategy === "hot" && endedAt === null
  return true
}

/** What was skipped or is to come stands where it would have come. */
function inOrder(went: StepName[], others: StepName[]): StepName[] {
  const names = [...went]
  for (const name of others) {
    const next = names.findIndex((other) => WAY.indexOf(other) > WAY.indexOf(name))
    names.splice(next < 0 ? names.length : next, 0, name)
  }
  return names
}

function stepOf(name: StepName, rollout: Facts, isStop: boolean): RolloutStep {
  const own = rollout.steps.filter((step) => step.name === name)
  const first = own[0]
  const isRunning = rollout.endedAt === null && rollout.state === name
  const usual = rollout.usual.stepSeconds[name]
  const startedAt = first?.startedAt ?? (isRunning ? rollout.createdAt : null)
  return {
    step: name,
    name: (rollout.strategy === "hot" ? hotLabels[name] : undefined) ?? labels[name],
    // An upgrade in place that was given up says why, and the rollout goes on.
    state: isRunning
      ? "running"
      : first
        ? endOf(rollout, isStop || (name === "upgrading" && wasGivenUp(own)))
        : rollout.endedAt
          ? "skipped"
          : "waiting",
    startedAt,
    endedAt: isRunning ? null : (own.at(-1)?.endedAt ?? null),
    usualMs: usual === undefined ? null : usual * 1000,
    detail: (isRunning ? detailOf(name, rollout) : null) ?? own.at(-1)?.reason ?? null,
  }
}

const wasGivenUp = (own: readonly { reason?: string }[]) => own.some(({ reason }) => reason !== undefined)

function endOf({ cancelRequestedAt }: Facts, isStop: boolean): Step["state"] {
  if (!isStop) return "done"
  return cancelRequestedAt ? "cancelled" : "failed"
}

/** What is worth knowing of the step that runs. */
function detailOf(name: StepName, { replicas, draining, strategy }: Facts): string | null {
  if (strategy === "hot" && (name === "starting" || name === "checking")) return null
  const of = `of ${replicas.wanted}`
  switch (name) {
    case "starting":
    case "checking":
    case "settling":
      return replicas.wanted === 0 ? null : `${Math.min(replicas.healthy, replicas.wanted)} ${of} healthy`
    case "upgrading":
      return `${Math.min(replicas.healthy, replicas.wanted)} ${of} upgraded`
    case "draining":
      return draining.length === 0
        ? null
        : `${draining.length === 1 ? "1 replica" : `${draining.length} replicas`}: ${leftInWords(sum(draining))}`
    default:
      return null
  }
}

function sum(draining: RolloutView["draining"]): { openRequests: number | null; openSockets: number | null } {
  const counted = (values: (number | null)[]) =>
    values.every((value) => value === null) ? null : values.reduce<number>((all, n) => all + (n ?? 0), 0)
  return {
    openRequests: counted(draining.map(({ openRequests }) => openRequests)),
    openSockets: counted(draining.map(({ openSockets }) => openSockets)),
  }
}

export const rolloutKinds: Record<RolloutView["kind"], string> = {
  deploy: "Deploy",
  config: "Config change",
  rollback: "Rollback",
  scale: "Scaling",
  restart: "Restart",
}
