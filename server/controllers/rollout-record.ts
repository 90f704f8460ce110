import { and, desc, eq } from "drizzle-orm"
import { apps, logLines, type RolloutStep, releases, rollouts } from "@/db/schema"
import type { App } from "@/server/access"
import type { Parts } from "@/server/kernel/context"
import { appendPlatformLine } from "@/server/logs"
import type { Rollout } from "@/server/releases"
import type { Verdict } from "./rollout-judge"

/** The app's rollouts that matter now. */
export interface Rollouts {
  /** The one under way; one at a time. */
  current: Rollout | null
  isAwaited: boolean
  /** The last that settled: what one goes back to. */
  good: Rollout | null
}

/** How many of a culprit's last lines are kept with the rollout that it failed. */
const LAST_LINES = 15

export async function beginRollout(deps: Parts, rollout: Rollout): Promise<Rollout> {
  return write(deps, rollout, { state: "starting" })
}

/** Writes what was decided, with the time of each named step. */
export async function recordVerdict(deps: Parts, app: App, found: Rollouts, verdict: Verdict): Promise<void> {
  const rollout = found.current
  if (!rollout) return
  switch (verdict.kind) {
    case "goes_on":
      if (verdict.state !== rollout.state) await write(deps, rollout, { state: verdict.state })
      return
    case "live":
      // The cluster shifted the traffic in one step: it has a time, if no length.
      await write(
        deps,
        { ...rollout, steps: nextSteps(rollout.steps, "shifting", deps.clock.now(), false) },
        { state: verdict.state, liveAt: deps.clock.now() },
      )
      return
    case "ended":
      await write(deps, rollout, { state: verdict.state, endedAt: deps.clock.now() })
      return
    case "goes_back":
      return goBack(deps, app, found, rollout, verdict)
  }
}

async function goBack(
  deps: Parts,
  app: App,
  found: Rollouts,
  rollout: Rollout,
  verdict: Extract<Verdict, { kind: "goes_back" }>,
): Promise<void> {
  const lastLines = verdict.culprit ? await lastLinesOf(deps, app.id, verdict.culprit) : []
  await write(deps, rollout, { state: "reverting", reason: verdict.reason, lastLines })
  // The wish says what the people asked for; after a failure it says what runs, so that nothing lies.
  if (found.good && rollout.kind === "scale") {
    await deps.db.update(apps).set({ replicas: found.good.replicas, size: found.good.size }).where(eq(apps.id, app.id))
  }
}

async function lastLinesOf(deps: Parts, appId: string, replica: string): Promise<string[]> {
  const rows = await deps.db
    .select({ text: logLines.text })
    .from(logLines)
    .where(and(eq(logLines.appId, appId), eq(logLines.replica, replica)))
    .orderBy(desc(logLines.id))
    .limit(LAST_LINES)
  return rows.reverse().map((row) => row.text)
}

async function write(deps: Parts, rollout: Rollout, change: Partial<Rollout> & { state: Rollout["state"] }): Promise<Rollout> {
  const steps = nextSteps(rollout.steps, change.state, deps.clock.now(), change.endedAt != null)
  const next = { ...rollout, ...change, steps }
  await deps.db.transaction(async (tx) => {
    await tx
      .update(rollouts)
      .set({ ...change, steps })
      .where(eq(rollouts.id, rollout.id))
    const [release] = await tx.select({ version: releases.version }).from(releases).where(eq(releases.id, rollout.releaseId))
    const line = release && change.state !== rollout.state && lineOf(next, release.version)
    if (line) await appendPlatformLine(tx, { id: rollout.appId }, line)
  })
  return next
}

/** What the app's own log says of a rollout, between the lines of the replicas. Pure. */
function lineOf({ state, replicas, reason }: Pick<Rollout, "state" | "replicas" | "reason">, version: number): string | null {
  switch (state) {
    case "starting":
      return replicas === 0
        ? `Scaling v${version} to zero.`
        : `Rolling out v${version} to ${replicas} ${replicas === 1 ? "replica" : "replicas"}.`
    case "settling":
      return replicas === 0 ? null : `v${version} is live.`
    case "settled":
      return replicas === 0 ? "Scaled to zero." : `v${version} runs.`
    case "reverting":
      return `v${version} failed, going back. ${reason ?? ""}`.trim()
    case "failed":
    case "reverted":
      return `v${version} was taken back.`
    case "cancelled":
      return `The rollout of v${version} was cancelled.`
    case "waiting":
    case "releasing":
    case "upgrading":
    case "checking":
    case "shifting":
    case "draining":
    case "superseded":
      return null
  }
}

/** Ends the step that ran and begins the next. Pure. */
function nextSteps(steps: readonly RolloutStep[], name: RolloutStep["name"], at: Date, isEnd: boolean): RolloutStep[] {
  const now = at.toISOString()
  const closed = steps.map((step) => (step.endedAt ? step : { ...step, endedAt: now }))
  if (steps.at(-1)?.name === name) return isEnd ? closed : [...steps]
  return [...closed, { name, startedAt: now, endedAt: isEnd ? now : null }]
}
