import { eq } from "drizzle-orm"
import type { z } from "zod"
import type { Transaction } from "@/db/client"
import { type RolloutStep, releases, rollouts } from "@/db/schema"
import { type App, appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import { type Actor, type Ctx, userIdOf } from "@/server/kernel/context"
import { AppError, invariant } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { findRollout, noSuchRollout } from "./queries"
import { restoreWish } from "./restore-wish"
import { whyNotCancel } from "./rollout-states"
import { CancelRolloutInput } from "./schema"
import type { Rollout } from "./start-rollout"

/**
 * Ends a rollout: one that waits at once, one that runs by its controller, which goes back to what ran before. Repeatable.
 * @param raw its rollout is an id, or `current`: the one under way, else the one that waits.
 * @throws AppError `not_found`, `conflict` when it has ended or is past the point.
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
    const { version } = await releaseOf(tx, rollout)
    await audit(tx, ctx, "rollout.cancelled", { app, data: { version, kind: rollout.kind, state: rollout.state } })
    await wake(tx, "app", app.id)
    return rollout.state === "waiting" ? endWaiting(tx, ctx, rollout) : wishEnd(tx, ctx, rollout)
  })
}

async function rolloutToCancel(tx: Transaction, app: App, which: string): Promise<Rollout> {
  const found = await findRollout(tx, app, which)
  // Held: its controller may write right now.
  const [rollout] = found ? await tx.select().from(rollouts).where(eq(rollouts.id, found.id)).for("update") : []
  if (!rollout) throw noSuchRollout(which)
  return rollout
}

async function releaseOf(tx: Transaction, { releaseId }: Rollout): Promise<{ version: number }> {
  const [release] = await tx.select({ version: releases.version }).from(releases).where(eq(releases.id, releaseId))
  invariant(release, "a rollout is of a release")
  return release
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
  invariant(rollout, "a row that is held is there")
  return rollout
}

function reasonOf(actor: Actor): string {
  return actor.kind === "person" || actor.kind === "api_key" ? `Cancelled by ${actor.email}.` : "Cancelled."
}
