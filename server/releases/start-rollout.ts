import { randomUUID } from "node:crypto"
import { and, desc, eq, inArray } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { apps, type HotUpgrade, releases, rollouts } from "@/db/schema"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { RUNS_OR_WILL } from "./rollout-states"

export type Rollout = typeof rollouts.$inferSelect

export interface NewRollout {
  kind: Rollout["kind"]
  releaseId: string
  /** A change of the number of replicas only: those that run stay as they are. */
  keepsGeneration?: boolean
  /** With `keepsGeneration`: the replica that another is to take the place of. */
  replaces?: string
  /** What the build said of upgrading running replicas in place, where it was asked. */
  hotUpgrade?: HotUpgrade | undefined
}

/**
 * Asks that a release runs as the app's row now says (replicas, size). What waits is superseded; what runs is finished first.
 * @returns `null` when the release has no slug yet: there is nothing to run.
 */
export async function startRollout(
  tx: Transaction,
  ctx: Pick<Ctx, "actor" | "clock">,
  app: { id: string },
  what: NewRollout,
): Promise<Rollout | null> {
  const [row] = await tx.select().from(apps).where(eq(apps.id, app.id)).for("update")
  const [release] = await tx.select().from(releases).where(eq(releases.id, what.releaseId))
  invariant(row && release, "a rollout is of an app and a release")
  if (!release.slugId) return null
  const superseded = await supersedeWaiting(tx, app.id, `Replaced by a newer change (v${release.version}).`, ctx.clock.now())
  const last = what.keepsGeneration ? await lastGeneration(tx, app.id) : null
  // What was superseded never ran: where it would have made new replicas, this one has to.
  const keeps = last && superseded.every((rollout) => rollout.generation === last.generation) ? last : null
  // A config that was set without a restart waits for the next deploy: more of the same is of the release that runs.
  const releaseId = keeps?.releaseId ?? release.id
  const [rollout] = await tx
    .insert(rollouts)
    .values({
      appId: app.id,
      // By the name of what it replaces where it brings the same release: that still has its release command to run.
      kind: superseded.find((one) => one.releaseId === releaseId)?.kind ?? what.kind,
      releaseId,
      generation: keeps?.generation ?? randomUUID(),
      replicas: row.replicas,
      size: row.size,
      // Where new replicas of all are needed, that one goes with the rest.
      replaces: keeps ? (what.replaces ?? null) : null,
      strategy: what.hotUpgrade?.isPossible ? "hot" : "rolling",
      fallbackReason: what.hotUpgrade?.isPossible === false ? what.hotUpgrade.reason : null,
      userId: userIdOf(ctx.actor),
      createdAt: ctx.clock.now(),
    })
    .returning()
  await wake(tx, "app", app.id)
  return rollout ?? null
}

async function supersedeWaiting(tx: Transaction, appId: string, reason: string, now: Date): Promise<Rollout[]> {
  return tx
    .update(rollouts)
    .set({ state: "superseded", reason, endedAt: now })
    .where(and(eq(rollouts.appId, appId), eq(rollouts.state, "waiting")))
    .returning()
}

/** Of what runs or is about to: the newest rollout that was not taken back. */
async function lastGeneration(tx: Transaction, appId: string): Promise<Pick<Rollout, "generation" | "releaseId"> | null> {
  const [row] = await tx
    .select({ generation: rollouts.generation, releaseId: rollouts.releaseId })
    .from(rollouts)
    .where(and(eq(rollouts.appId, appId), inArray(rollouts.state, RUNS_OR_WILL)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  return row ?? null
}
