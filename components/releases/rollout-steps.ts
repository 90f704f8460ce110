import type { Step } from "@/components/ui/progress-steps"
import type { RolloutView } from "@/server/apps/overview"

const labels: Record<string, string> = {
  waiting: "Waiting for its turn",
  starting: "Starting replicas",
  checking: "Waiting until they are healthy",
  shifting: "Shifting the traffic",
  settling: "Watching that they stay up",
  draining: "Letting the old ones finish",
  reverting: "Going back to what ran before",
}

/** The way of every rollout; what it skipped was not needed. */
const WAY = ["starting", "checking", "shifting", "settling", "draining"]

/** A rollout's steps, those to come included. A step that came several times (one a batch) is told once. Pure. */
export function stepsOf({ steps, state, endedAt }: Pick<RolloutView, "steps" | "state" | "endedAt">): Step[] {
  const went = steps.map(({ name }) => name as string)
  const isBack = state === "reverting" || state === "failed"
  const names = [...WAY.filter((name) => !isBack || went.includes(name)), ...(went.includes("reverting") ? ["reverting"] : [])]
  const lastForward = went.filter((name) => WAY.includes(name)).at(-1)
  return names.map((name) => {
    const own = steps.filter((step) => step.name === name)
    const first = own[0]
    const isRunning = endedAt === null && state === name
    return {
      name: labels[name] ?? name,
      state: isRunning ? "running" : first ? (isBack && name === lastForward ? "failed" : "done") : endedAt ? "skipped" : "waiting",
      startedAt: first?.startedAt ?? null,
      endedAt: isRunning ? null : (own.at(-1)?.endedAt ?? null),
    }
  })
}

export const rolloutKinds: Record<string, string> = {
  deploy: "Deploy",
  config: "Config change",
  rollback: "Rollback",
  scale: "Scaling",
  restart: "Restart",
}
