import { and, desc, eq, isNotNull } from "drizzle-orm"
import { releases, rollouts, slugs } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"

export interface RunningSlug {
  /** The release's version. */
  release: number
  sha256: string
  stack: string
  meta: typeof slugs.$inferSelect.meta
}

/** The slug of what the last settled rollout left running, whatever was released since. `null` when that is nothing. */
export async function runningSlug(db: Ctx["db"], appId: string): Promise<RunningSlug | null> {
  const [row] = await db
    .select({ replicas: rollouts.replicas, release: releases.version, sha256: slugs.sha256, stack: slugs.stack, meta: slugs.meta })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .innerJoin(slugs, eq(slugs.id, releases.slugId))
    .where(and(eq(rollouts.appId, appId), eq(rollouts.state, "settled"), isNotNull(rollouts.endedAt)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  if (!row || row.replicas === 0) return null
  const { release, sha256, stack, meta } = row
  return { release, sha256, stack, meta }
}
