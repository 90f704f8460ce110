import { and, desc, eq, ne } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { apps, logLines, type RolloutStep, releases, rollouts } from "@/db/schema"
import type { App } from "@/server/access"
import type { Parts } from "@/server/kernel/context"
import { appendPlatformLine } from "@/server/logs"
import { type Rollout, restoreWish, wasTakenBack } from "@/server/releases"
import { addReleaseCommand, releaseCommandOf } from "./release-command"
import type { Culprit, Verdict } from "./rollout-judge"
import { lineOf } from "./rollout-line"
import { asFarAsPossible } from "./rollout-upgrade"

/** The app's rollouts that matter now. */
export interface Rollouts {
  /** The one under way; one at a time. */
  current: Rollout | null
  isAwaited: boolean
  /** The last that settled: what one goes back to. */
  good: Rollout | null
  /** Whether one was rolled out, however it ended: nobody waits for the first push any more. */
  wasTried: boolean
}

/** How many of a culprit's last lines are kept with the rollout that it failed. */
const LAST_LINES = 15

/** Gives one that waits its turn. @returns `null` when it was cancelled or superseded meanwhile. */
export async function beginRollout(deps: Parts, app: App, waiting: Rollout, good: Rollout | null): Promise<Rollout | null> {
  const now = deps.clock.now()
  const waited: RolloutStep = { name: "waiting", startedAt: waiting.createdAt.toISOString(), endedAt: now.toISOString() }
  return deps.db.transaction(async (tx) => {
    await holdApp(tx, app.id)
    const [found] = await tx.select().from(rollouts).where(eq(rollouts.id, waiting.id))
    if (found?.state !== "waiting") return null
    const rollout = await asFarAsPossible(tx, await ofWhatRuns(tx, found, good), good)
    const command = releaseCommandOf(app, rollout)
    if (command) await addReleaseCommand(tx, deps, app, rollout, command)
    return write(tx, deps, { ...rollout, steps: [waited] }, { state: command ? "releasing" : "starting" })
  })
}

/** Before any of its rollouts, as the verbs do: else both could wait for each other. */
async function holdApp(tx: Transaction, appId: string): Promise<void> {
  await tx.select({ id: apps.id }).from(apps).where(eq(apps.id, appId)).for("update")
}

/**
 * A scale or a restart is of the release that runs. The one that it was asked for may have been taken back while this waited:
 * then it is of the one before.
 */
async function ofWhatRuns(tx: Transaction, rollout: Rollout, good: Rollout | null): Promise<Rollout> {
  if (!good || (rollout.kind !== "scale" && rollout.kind !== "restart")) return rollout
  const [base] = await tx
    .select()
    .from(rollouts)
    .where(and(eq(rollouts.releaseId, rollout.releaseId), ne(rollouts.id, rollout.id)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  if (!base || !wasTakenBack(base.state)) return rollout
  const generation = base.generation === rollout.generation ? good.generation : rollout.generation
  const change = { releaseId: good.releaseId, generation }
  await tx.update(rollouts).set(change).where(eq(rollouts.id, rollout.id))
  return { ...rollout, ...change }
}

/** Writes what was decided, with the time of each named step. */
export async function recordVerdict(deps: Parts, rollout: Rollout, verdict: Verdict): Promise<void> {
  const now = deps.clock.now()
  if (verdict.kind === "goes_on" && verdict.state === rollout.state) return
  await deps.db.transaction(async (tx) => {
    await holdApp(tx, rollout.appId)
    switch (verdict.kind) {
      case "goes_on":
        await write(tx, deps, rollout, { state: verdict.state })
        return
      case "live": {
        // The cluster shifted the traffic in one step: it has a time, if no length.
        const shifted = { ...rollout, steps: nextSteps(rollout.steps, "shifting", now) }
        await write(tx, deps, shifted, { state: verdict.state, liveAt: now })
        return
      }
      case "ended":
        await write(tx, deps, rollout, { state: verdict.state, endedAt: now, ...(await whyOf(tx, rollout, verdict)) })
        if (verdict.state !== "settled") await restoreWish(tx, rollout.appId)
        return
      case "goes_back":
        // A wish to cancel that came after this was decided came too late: it is not what ended it.
        await write(tx, deps, rollout, {
          ...{ state: "reverting", cancelRequestedAt: rollout.cancelRequestedAt, cancelledBy: rollout.cancelledBy },
          ...(await whyOf(tx, rollout, verdict)),
        })
        await restoreWish(tx, rollout.appId)
        return
      case "rolls_on":
        await write(tx, deps, rollout, { state: "starting", strategy: "rolling", fallbackReason: verdict.reason, liveAt: null })
    }
  })
}

async function whyOf(
  tx: Transaction,
  { appId }: Rollout,
  { reason, culprit }: { reason?: string; culprit?: Culprit | null },
): Promise<Partial<Pick<Rollout, "reason" | "lastLines">>> {
  return {
    ...(reason ? { reason } : {}),
    ...(culprit ? { lastLines: await lastLinesOf(tx, appId, culprit.id) } : {}),
  }
}

async function lastLinesOf(tx: Transaction, appId: string, replica: string): Promise<string[]> {
  const rows = await tx
    .select({ text: logLines.text })
    .from(logLines)
    .where(and(eq(logLines.appId, appId), eq(logLines.replica, replica)))
    .orderBy(desc(logLines.id))
    .limit(LAST_LINES)
  return rows.reverse().map((row) => row.text)
}

type Change = Partial<Rollout> & { state: Rollout["state"] }

async function write(tx: Transaction, { clock }: Pick<Parts, "clock">, rollout: Rollout, change: Change): Promise<Rollout> {
  const steps = nextSteps(rollout.steps, change.state, clock.now(), {
    isEnd: change.endedAt != null,
    reason: change.reason ?? change.fallbackReason ?? null,
  })
  const next = { ...rollout, ...change, steps }
  await tx
    .update(rollouts)
    .set({ ...change, steps })
    .where(eq(rollouts.id, rollout.id))
  const [release] = await tx.select({ version: releases.version }).from(releases).where(eq(releases.id, rollout.releaseId))
  const line = release && change.state !== rollout.state && lineOf(next, release.version)
  if (line) await appendPlatformLine(tx, { id: rollout.appId }, line)
  return next
}

/** Ends the step that ran, with the reason where it ended badly, and begins the next. Pure. */
function nextSteps(
  steps: readonly RolloutStep[],
  name: RolloutStep["name"],
  at: Date,
  { isEnd, reason }: { isEnd: boolean; reason: string | null } = { isEnd: false, reason: null },
): RolloutStep[] {
  const now = at.toISOString()
  const why = reason ? { reason } : {}
  const closed = steps.map((step) => (step.endedAt ? step : { ...step, endedAt: now, ...why }))
  if (steps.at(-1)?.name === name) return isEnd ? closed : [...steps]
  return [...closed, { name, startedAt: now, endedAt: isEnd ? now : null }]
}
