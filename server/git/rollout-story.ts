import type { RolloutStep } from "@/db/schema"
import { type RolloutView, wasTakenBack } from "@/server/releases"

/** A rollout and what a pusher wants to know besides. */
export interface Followed {
  appId: string
  rollout: RolloutView
  settleSeconds: number
  /** The app's own address. */
  url: string
}

/** What comes before the first output of a release command. Pure. */
export function opening({ rollout }: Followed): string[] {
  const lines = [`-----> Release v${rollout.version}`]
  if (rollout.state === "waiting") lines.push("       Waiting for the rollout under way to end …")
  const command = rollout.releaseCommand
  if (command) lines.push(`-----> Release command: ${command.command} (at most ${inWords(command.timeLimitSeconds)})`)
  return lines
}

/** A rollout so far, told to the pusher: a line of before never changes, so that new ones can be told as they come. Pure. */
export function story(followed: Followed): string[] {
  const { rollout } = followed
  const lines = [...opening(followed), ...rollout.steps.flatMap((step, index) => linesOf(step, followed, index))]
  if (!rollout.steps.some((step) => step.name === "settling")) lines.push(...liveLine(followed))
  return [...lines, ...endOf(rollout)]
}

function linesOf(step: RolloutStep, followed: Followed, index: number): string[] {
  const { rollout } = followed
  switch (step.name) {
    case "releasing":
      return rollout.releaseCommand?.state === "succeeded" ? [`       It succeeded (${secondsOf(step)})`] : []
    case "starting":
      return startingLines(step, rollout)
    case "checking":
      return healthyLine(rollout)
    case "upgrading":
      return upgradingLine(step, rollout)
    case "settling":
      return [...liveLine(followed), ...watchingLine(followed)]
    case "draining":
      return [`       ${rollout.strategy === "hot" ? "The replica that stood by ends" : "The replicas of before finish what they have"} …`]
    case "reverting":
      return [` !     Going back: ${rollout.steps[index - 1]?.reason ?? rollout.reason ?? "the release did not become healthy."}`]
    default:
      return []
  }
}

const many = ({ replicas: { wanted } }: RolloutView) => `${wanted} ${wanted === 1 ? "replica" : "replicas"}`

function startingLines(step: RolloutStep, rollout: RolloutView): string[] {
  const { strategy, steps, fallbackReason } = rollout
  const wasInPlace = steps.some(({ name }) => name === "upgrading")
  const isFirst = steps.find(({ name }) => name === "starting") === step
  if (isFirst && (strategy === "hot" || wasInPlace))
    return ["       Starting one replica beside, to answer should an upgrade in place fail …"]
  if (!fallbackReason) return [startingLine(rollout)]
  if (wasInPlace) return [` !     The upgrade in place was given up: ${fallbackReason}`, "       Rolling instead …"]
  return [` !     Not upgraded in place: ${fallbackReason}`, startingLine(rollout)]
}

function upgradingLine(step: RolloutStep, { replicas: { wanted, healthy } }: RolloutView): string[] {
  return step.endedAt || healthy >= wanted ? [] : [`       Upgrading replica ${healthy + 1} of ${wanted} in place …`]
}

function startingLine(rollout: RolloutView): string {
  if (rollout.replicas.wanted === 0) return "       The app is scaled to zero: nothing is started."
  const usual = rollout.usual.seconds
  return `       Starting ${many(rollout)}${usual === null ? "" : `, usually live after ${usual.toFixed(1)} s`} …`
}

function healthyLine(rollout: RolloutView): string[] {
  const { healthy } = rollout.replicas
  return rollout.liveAt || rollout.endedAt || healthy === 0 ? [] : [`       ${healthy} of ${many(rollout)} healthy`]
}

function liveLine({ rollout, url }: Followed): string[] {
  if (!rollout.liveAt || rollout.replicas.wanted === 0) return []
  return [`-----> Live at ${url} (took ${seconds(rollout.createdAt, rollout.liveAt)})`]
}

function watchingLine({ rollout, settleSeconds }: Followed): string[] {
  return rollout.replicas.wanted === 0 || settleSeconds === 0 ? [] : [`       Watching it for ${settleSeconds} seconds …`]
}

/** How much those who leave have still to do; `null` when that is nothing, or nobody counted yet. Changes all the time. Pure. */
export function leftLine({ draining }: Pick<RolloutView, "draining">): string | null {
  const sum = (count: (one: RolloutView["draining"][number]) => number | null) =>
    draining.reduce((total, one) => total + (count(one) ?? 0), 0)
  const [sockets, requests] = [sum((one) => one.openSockets), sum((one) => one.openRequests)]
  if (sockets + requests === 0) return null
  return `       ${[counted(sockets, "WebSocket"), counted(requests, "request")].filter(Boolean).join(" and ")} left`
}

const counted = (count: number, what: string) => (count === 0 ? "" : `${count} ${what}${count === 1 ? "" : "s"}`)

function endOf({ state, version, reason, steps, lastLines, releaseCommand }: RolloutView): string[] {
  const hasGoneBack = steps.some((step) => step.name === "reverting")
  // What a release command printed was told as it came.
  const words = releaseCommand && !hasGoneBack ? [] : lastWords(lastLines)
  const why = hasGoneBack ? "." : `: ${reason ?? "it did not become healthy."}`
  switch (state) {
    case "settled":
      return [`-----> v${version} runs.`]
    case "superseded":
      return [` !     ${reason ?? "A newer change took its place."}`]
    case "reverted":
      return [` !     v${version} was taken back${why}`, ...words]
    case "failed":
      return [` !     v${version} failed: ${reason ?? "it did not become healthy."}`, ...words]
    case "cancelled":
      return [` !     v${version} was not rolled out${why}`]
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
export function hints({ rollout, url }: Followed, app: string, dashboard: string): string[] {
  const { state, servingVersion } = rollout
  if (state === "settled" || state === "superseded") return []
  const links = [`       Logs:  ${dashboard}/apps/${app}/logs`, `       State: ${dashboard}/apps/${app}`]
  if (!wasTakenBack(state)) return [`       The rollout goes on: ${url} answers from it in a moment.`, ...links]
  const rest = servingVersion === null ? "Nothing runs." : `What ran before goes on: v${servingVersion} serves.`
  return [`       ${rest} The commit is pushed: push a fix, or look at`, ...links]
}

const seconds = (from: string, to: string) => `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`
const secondsOf = ({ startedAt, endedAt }: RolloutStep) => seconds(startedAt, endedAt ?? startedAt)

function inWords(limitSeconds: number): string {
  const [size, unit] = limitSeconds % 3_600 === 0 ? [3_600, "hour"] : limitSeconds % 60 === 0 ? [60, "minute"] : [1, "second"]
  return counted(limitSeconds / size, unit)
}
