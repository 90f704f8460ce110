import { and, eq } from "drizzle-orm"
import type { z } from "zod"
import type { Transaction } from "@/db/client"
import { type RolloutStep, rollouts } from "@/db/schema"
import { type App, appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import { type Actor, type Ctx, userIdOf } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { restoreWish } from "./restore-wish"
import { whyNotCancel } from "./rollout-states"
import { CancelRolloutInput } from "./schema"
import { shownFirst } from "./shown-first"
import type { Rollout } from "./start-rollout"

/**
 * Ends a rollout: one that waits at once, one that runs by its controller, which goes back to what ran before. Repeatable.
 * @param raw without a rollout: the one under way, or else the one that waits.
 * @throws AppError `not_found`, `conflict` when there is nothing to cancel or it is past the point.
 */
export async function cancelRollout(ctx: Ctx, raw: z.input<typeof CancelRolloutInput>): Promise<Rollout> {
  const { app: name, rollout: id } = CancelRolloutInput.parse(raw)
  const found = await appFor(ctx, name, "rollout:cancel")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const rollout = await rolloutToCancel(tx, app, id)
    const whyNot = whyNotCancel(rollout.state)
    if (whyNot) throw new AppError("conflict", whyNot)
    if (rollout.cancelRequestedAt) return rollout
    await audit(tx, ctx, "rollout.cancelled", { app, data: { rollout: rollout.id, kind: rollout.kind, state: rollout.state } })
    await wake(tx, "app", app.id)
    return rollout.state === "waiting" ? endWaiting(tx, ctx, rollout) : wishEnd(tx, ctx, rollout)
  })
}

async function rolloutToCancel(tx: Transaction, app: App, id: string | undefined): Promise<Rollout> {
  const isIt = id ? eq(rollouts.id, id) : undefined
  const [shown] = await tx
    .select({ id: rollouts.id })
    .from(rollouts)
    .where(and(eq(rollouts.appId, app.id), isIt))
    .orderBy(...shownFirst)
    .limit(1)
  // Held: its controller may write right now.
  const [rollout] = shown ? await tx.select().from(rollouts).where(eq(rollouts.id, shown.id)).for("update") : []
  if (rollout) return rollout
  if (id) throw new AppError("not_found", "There is no such rollout of this app.")
  throw new AppError("conflict", "There is nothing to cancel: nothing was rolled out yet.")
}

async function endWaiting(tx: Transaction, ctx: Ctx, { id, appId, createdAt }: Rollout): Promise<Rollout> {
  const now = ctx.clock.now()
  const step: RolloutStep = { name: "waiting", startedAt: createdAt.toISOString(), endedAt: now.toISOString() }
  const rollout = await update(tx, id, {
    ...{ state: "cancelled", reason: reasonOf(ctx.actor), steps: [step] },
    ...{ endedAt: now, cancelRequestedAt: now, cancelledBy: userIdOf(ctx.actor) },
  })
  await restoreWish(tx, appId)
  return rollout
}

function wishEnd(tx: Transaction, ctx: Ctx, { id }: Rollout): Promise<Rollout> {
  return update(tx, id, { cancelRequestedAt: ctx.clock.now(), cancelledBy: userIdOf(ctx.actor) })
}

async function update(tx: Transaction, id: string, change: Partial<Rollout>): Promise<Rollout> {
  const [rollout] = await tx.update(rollouts).set(change).where(eq(rollouts.id, id)).returning()
  if (!rollout) throw new AppError("not_found", "There is no such rollout of this app.")
  return rollout
}

function reasonOf(actor: Actor): string {
  return actor.kind === "person" || actor.kind === "api_key" ? `Cancelled by ${actor.email}.` : "Cancelled."
}
