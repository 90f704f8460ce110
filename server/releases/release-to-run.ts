import { and, desc, eq, gt, inArray, notExists } from "drizzle-orm"
import { releases, rollouts } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { currentRelease, type Release } from "./add-release"
import { RUNS_OR_WILL } from "./rollout-states"

/**
 * What a restart or another size makes anew: the release that runs or is about to, with a newer config that waits for just that.
 * A release that was taken back is not tried again by the way; where nothing ever ran, the newest is.
 */
export async function releaseToRun(db: Ctx["db"], appId: string): Promise<Release | null> {
  const [runs] = await db
    .select({ release: releases })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .where(and(eq(rollouts.appId, appId), inArray(rollouts.state, RUNS_OR_WILL)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  if (!runs?.release.slugId) return currentRelease(db, appId)
  const { slugId, version } = runs.release
  const tried = db.select({ id: rollouts.id }).from(rollouts).where(eq(rollouts.releaseId, releases.id))
  const [waits] = await db
    .select()
    .from(releases)
    .where(and(eq(releases.appId, appId), eq(releases.slugId, slugId), gt(releases.version, version), notExists(tried)))
    .orderBy(desc(releases.version))
    .limit(1)
  return waits ?? runs.release
}
