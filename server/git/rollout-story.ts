import type { RolloutStep } from "@/db/schema"
import { type Rollout, wasTakenBack } from "@/server/releases"

export interface RolloutView {
  rollout: Rollout
  /** Of its release. */
  version: number
  /** How many of its replicas answer now. */
  healthy: number
  /** Whether something was live before: it goes on when this fails. */
  hadBefore: boolean
  settleSeconds: number
  /** The app's own address. */
  url: string
}

/** A rollout so far, told to the pusher: a line of before never changes, so that new ones can be told as they come. Pure. */
export function story(view: RolloutView): string[] {
  const { rollout, version } = view
  const lines = [`-----> Release v${version}`]
  if (rollout.state === "waiting") lines.push("       Waiting for the rollout under way to end …")
  for (const step of rollout.steps) lines.push(...linesOf(step, view))
  if (!rollout.steps.some((step) => step.name === "settling")) lines.push(...liveLine(view))
  return [...lines, ...endOf(view)]
}

function liveLine({ rollout, url }: RolloutView): string[] {
  if (!rollout.liveAt || rollout.replicas === 0) return []
  const seconds = ((rollout.liveAt.getTime() - rollout.createdAt.getTime()) / 1000).toFixed(1)
  return [`-----> Live at ${url} (took ${seconds} s)`]
}

function linesOf(step: RolloutStep, view: RolloutView): string[] {
  const { rollout, healthy, settleSeconds } = view
  const many = `${rollout.replicas} ${rollout.replicas === 1 ? "replica" : "replicas"}`
  switch (step.name) {
    case "starting":
      return rollout.replicas === 0 ? ["       The app is scaled to zero: nothing is started."] : [`       Starting ${many} …`]
    case "checking":
      return rollout.liveAt || healthy === 0 ? [] : [`       ${healthy} of ${many} healthy`]
    case "settling":
      return [
        ...liveLine(view),
        ...(rollout.replicas === 0 || settleSeconds === 0 ? [] : [`       Watching it for ${settleSeconds} seconds …`]),
      ]
    case "draining":
      return ["       The replicas of before finish their requests …"]
    default:
      return []
  }
}

function endOf({ rollout, version }: RolloutView): string[] {
  switch (rollout.state) {
    case "settled":
      return [`-----> v${version} runs.`]
    case "superseded":
      return [` !     ${rollout.reason ?? "A newer change took its place."}`]
    case "reverting":
      return [` !     Going back: ${rollout.reason ?? "the release did not become healthy."}`]
    case "reverted":
      return [` !     v${version} was taken back: ${rollout.reason ?? "it did not become healthy."}`, ...lastWords(rollout.lastLines)]
    case "failed":
      return [` !     v${version} failed: ${rollout.reason ?? "it did not become healthy."}`, ...lastWords(rollout.lastLines)]
    case "cancelled":
      return [` !     The rollout of v${version} was cancelled. ${rollout.reason ?? ""}`.trimEnd()]
    default:
      return []
  }
}

/** As one piece: the same line may come twice in it. */
function lastWords(lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  return [["       Its last lines:", ...lines.map((line) => `       | ${line}`)].join("\n")]
}

/** What to do next. Pure. */
export function hints({ rollout, url, hadBefore }: RolloutView, app: string, dashboard: string): string[] {
  if (rollout.state === "settled" || rollout.state === "superseded") return []
  const links = [`       Logs:  ${dashboard}/apps/${app}/logs`, `       State: ${dashboard}/apps/${app}`]
  if (wasTakenBack(rollout.state)) {
    const rest = rollout.state !== "failed" && hadBefore ? "What ran before goes on." : "Nothing runs."
    return [`       ${rest} The commit is pushed: push a fix, or look at`, ...links]
  }
  return [`       The rollout goes on: ${url} answers from it in a moment.`, ...links]
}
