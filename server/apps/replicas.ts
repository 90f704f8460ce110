import { and, asc, eq, isNull } from "drizzle-orm"
import { type ReplicaExit, releases, replicas, slugs } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"

export interface ReplicaInfo {
  id: string
  index: number
  /** The release that it runs. */
  version: number
  commit: string | null
  state: (typeof replicas.$inferSelect)["state"]
  traffic: (typeof replicas.$inferSelect)["traffic"]
  restarts: number
  lastExit: ReplicaExit | null
  /** The name of its Erlang node. */
  node: string
  startedAt: Date
  healthyAt: Date | null
  drainingAt: Date | null
  retryAt: Date | null
  isKillRequested: boolean
}

/** The replicas that there are now, oldest first. */
export async function replicasOf(ctx: Ctx, appName: string): Promise<ReplicaInfo[]> {
  const app = await appFor(ctx, appName, "app:see")
  const rows = await ctx.db
    .select({ replica: replicas, version: releases.version, commit: slugs.commit })
    .from(replicas)
    .innerJoin(releases, eq(releases.id, replicas.releaseId))
    .leftJoin(slugs, eq(slugs.id, releases.slugId))
    .where(and(eq(replicas.appId, app.id), isNull(replicas.endedAt)))
    .orderBy(asc(replicas.startedAt), asc(replicas.id))
  return rows.map(({ replica, version, commit }) => {
    const { appId, releaseId, generation, address, killRequestedAt, endedAt, ...shown } = replica
    const host = address.split(":")[0] ?? address
    return { ...shown, version, commit, node: `${app.name}@${host}`, isKillRequested: killRequestedAt !== null }
  })
}
