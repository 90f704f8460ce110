import { and, eq, isNull } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { releases, replicas, rollouts, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import type { AppWish, Cluster, Generation } from "@/server/drivers/cluster/port"
import type { Parts } from "@/server/kernel/context"
import { appendPlatformLine } from "@/server/logs"
import { type Rollout, runningSlug } from "@/server/releases"
import type { Verdict } from "./rollout-judge"

/** How far a rollout is from replacing code within running replicas. */
export function inPlaceOf({ strategy, steps }: Pick<Rollout, "strategy" | "steps">): AppWish["inPlace"] {
  if (strategy === "hot") return "wished"
  return steps.some((step) => step.name === "upgrading") ? "given_up" : undefined
}

/** The upgrade was made from the slug that ran when it was built: by its turn something else may run. */
export async function asFarAsPossible(tx: Transaction, rollout: Rollout, good: Rollout | null): Promise<Rollout> {
  if (rollout.strategy !== "hot") return rollout
  const fallbackReason = await whyNotInPlace(tx, rollout, good)
  if (!fallbackReason) return rollout
  const change = { strategy: "rolling" as const, fallbackReason }
  await tx.update(rollouts).set(change).where(eq(rollouts.id, rollout.id))
  return { ...rollout, ...change }
}

async function whyNotInPlace(tx: Transaction, rollout: Rollout, good: Rollout | null): Promise<string | null> {
  const running = await runningSlug(tx, rollout.appId)
  if (!running) return "Nothing runs that could be upgraded."
  if (good?.size !== rollout.size) return "The size of the replicas changes, which only new ones can have."
  const [target] = await tx
    .select({ meta: slugs.meta })
    .from(releases)
    .innerJoin(slugs, eq(slugs.id, releases.slugId))
    .where(eq(releases.id, rollout.releaseId))
  const upgrade = target?.meta.hotUpgrade
  if (!upgrade?.isPossible) return upgrade?.reason ?? "Its build was not asked for a hot upgrade."
  return upgrade.from === running.sha256 ? null : `It was built to upgrade another release than v${running.release}, which runs now.`
}

/**
 * Upgrades one replica and notes down what it is from now on. Repeatable: whoever was upgraded and not noted down says so when asked
 * again. @returns the verdict where it failed: once is enough, and the rollout goes on by rolling.
 */
export async function upgradeReplica(
  deps: Parts & { cluster: Cluster },
  app: App,
  target: Generation,
  replicaId: string,
): Promise<Verdict | null> {
  const upgraded = await deps.cluster.upgrade({ id: app.id, name: app.name, number: app.number }, replicaId, target)
  if (!upgraded.ok) return { kind: "rolls_on", reason: upgraded.reason }
  const { id: generation, releaseId } = target
  await deps.db.transaction(async (tx) => {
    const isRunning = and(eq(replicas.appId, app.id), eq(replicas.id, replicaId), isNull(replicas.endedAt))
    const now = { generation, releaseId, healthyAt: deps.clock.now(), restarts: 0, lastExit: null }
    await tx.update(replicas).set(now).where(isRunning)
    await appendPlatformLine(tx, { id: app.id }, `${replicaId}: ${upgraded.detail}`)
  })
  return null
}
