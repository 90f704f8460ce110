import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm"
import { auditEntries, builds, type ReplicaExit, type RolloutStep, releases, replicas, rollouts, slugs, users } from "@/db/schema"
import { type App, appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import type { Ctx } from "@/server/kernel/context"
import { type AppState, statusOf } from "./status"

export interface RolloutView {
  id: string
  kind: string
  state: string
  version: number
  steps: RolloutStep[]
  reason: string | null
  lastLines: string[]
  createdAt: string
  liveAt: string | null
  endedAt: string | null
  by: string | null
  /** The median of the last ten that went well, from start to live. */
  usualSeconds: number | null
}

export interface ReplicaView {
  id: string
  index: number
  state: string
  traffic: string
  version: number
  nodeName: string
  startedAt: string
  healthyAt: string | null
  restarts: number
  lastExit: ReplicaExit | null
}

export interface ReleaseLine {
  version: number
  kind: string
  summary: string
  commit: string | null
  by: string | null
  createdAt: string
}

/** Everything that the page of one app shows, with times as ISO 8601. */
export interface Overview {
  app: {
    name: string
    role: Role
    size: number
    stack: string
    replicas: number
    isInMaintenance: boolean
    createdAt: string
    owner: string
  }
  state: AppState
  sentence: string
  /** The one that serves; `null` when none does. */
  serving: ReleaseLine | null
  rollout: RolloutView | null
  build: { id: string; number: number; state: string; commit: string; message: string; createdAt: string } | null
  replicas: ReplicaView[]
  activity: Array<{ id: number; at: string; who: string; via: string; action: string; data: Record<string, unknown> }>
}

export async function overviewOf(ctx: Ctx, name: string): Promise<Overview> {
  const app = await appFor(ctx, name, "app:see")
  const [owner, serving, rollout, build, seen, activity, hasSlug] = await Promise.all([
    ownerOf(ctx, app),
    servingRelease(ctx, app),
    newestRollout(ctx, app),
    openBuild(ctx, app),
    runningReplicas(ctx, app),
    recentActivity(ctx, app),
    hasAnySlug(ctx, app),
  ])
  const { state, sentence } = statusOf({
    replicas: app.replicas,
    isInMaintenance: app.isInMaintenance,
    hasSlug,
    servingVersion: serving?.version ?? null,
    isBuilding: build !== null,
    rollout: rollout && { ...rollout, isOpen: rollout.endedAt === null },
    seen: seen.filter((replica) => replica.state !== "draining" && replica.state !== "stopping"),
  })
  const { role, size, stack, isInMaintenance } = app
  const facts = {
    name: app.name,
    role,
    size,
    stack,
    replicas: app.replicas,
    isInMaintenance,
    createdAt: app.createdAt.toISOString(),
    owner,
  }
  return { app: facts, state, sentence, serving, rollout, build, replicas: seen, activity }
}

async function ownerOf(ctx: Ctx, app: App): Promise<string> {
  const [owner] = await ctx.db.select({ email: users.email }).from(users).where(eq(users.id, app.ownerId))
  return owner?.email ?? ""
}

async function hasAnySlug(ctx: Ctx, app: App): Promise<boolean> {
  const [slug] = await ctx.db.select({ id: slugs.id }).from(slugs).where(eq(slugs.appId, app.id)).limit(1)
  return slug !== undefined
}

/** Of the last rollout that took the traffic and did not fail. */
async function servingRelease(ctx: Ctx, app: App): Promise<ReleaseLine | null> {
  const [row] = await ctx.db
    .select({
      version: releases.version,
      kind: releases.kind,
      summary: releases.summary,
      commit: slugs.commit,
      by: users.email,
      createdAt: releases.createdAt,
    })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .leftJoin(slugs, eq(slugs.id, releases.slugId))
    .leftJoin(users, eq(users.id, releases.userId))
    .where(and(eq(rollouts.appId, app.id), isNotNull(rollouts.liveAt), inArray(rollouts.state, ["settling", "draining", "settled"])))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  return row ? { ...row, createdAt: row.createdAt.toISOString() } : null
}

async function newestRollout(ctx: Ctx, app: App): Promise<RolloutView | null> {
  const [row] = await ctx.db
    .select({ rollout: rollouts, version: releases.version, by: users.email })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .leftJoin(users, eq(users.id, rollouts.userId))
    .where(eq(rollouts.appId, app.id))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  if (!row) return null
  return rolloutView(row.rollout, row.version, row.by, await usualSeconds(ctx, app, row.rollout.kind))
}

/** One rollout as the pages show it. Pure. */
export function rolloutView(rollout: typeof rollouts.$inferSelect, version: number, by: string | null, usual: number | null): RolloutView {
  const { id, kind, state, steps, reason, lastLines } = rollout
  const times = {
    createdAt: rollout.createdAt.toISOString(),
    liveAt: rollout.liveAt?.toISOString() ?? null,
    endedAt: rollout.endedAt?.toISOString() ?? null,
  }
  return { id, kind, state, version, steps, reason, lastLines, by, usualSeconds: usual, ...times }
}

/** How long the last ten of this kind took from their wish to live: the median. */
export async function usualSeconds(ctx: Ctx, app: Pick<App, "id">, kind: (typeof rollouts.$inferSelect)["kind"]): Promise<number | null> {
  const lastTen = ctx.db
    .select({ seconds: sql<number>`extract(epoch from ${rollouts.liveAt} - ${rollouts.createdAt})`.as("seconds") })
    .from(rollouts)
    .where(and(eq(rollouts.appId, app.id), eq(rollouts.kind, kind), isNotNull(rollouts.liveAt)))
    .orderBy(desc(rollouts.createdAt))
    .limit(10)
    .as("last_ten")
  const [row] = await ctx.db
    .select({ median: sql<number | null>`percentile_cont(0.5) within group (order by ${lastTen.seconds})::float8` })
    .from(lastTen)
  return row?.median ?? null
}

async function openBuild(ctx: Ctx, app: App): Promise<Overview["build"]> {
  const [build] = await ctx.db
    .select()
    .from(builds)
    .where(and(eq(builds.appId, app.id), inArray(builds.state, ["queued", "building"])))
    .orderBy(builds.number)
    .limit(1)
  if (!build) return null
  const { id, number, state, commit, message, createdAt } = build
  return { id, number, state, commit, message, createdAt: createdAt.toISOString() }
}

async function runningReplicas(ctx: Ctx, app: App): Promise<ReplicaView[]> {
  const rows = await ctx.db
    .select({ replica: replicas, version: releases.version })
    .from(replicas)
    .innerJoin(releases, eq(releases.id, replicas.releaseId))
    .where(and(eq(replicas.appId, app.id), isNull(replicas.endedAt)))
    .orderBy(replicas.index, replicas.startedAt)
  return rows.map(({ replica, version }) => {
    const { id, index, state, traffic, restarts, lastExit } = replica
    const times = { startedAt: replica.startedAt.toISOString(), healthyAt: replica.healthyAt?.toISOString() ?? null }
    return { id, index, state, traffic, version, nodeName: `${app.name}@${replica.address}`, restarts, lastExit, ...times }
  })
}

async function recentActivity(ctx: Ctx, app: App): Promise<Overview["activity"]> {
  const rows = await ctx.db.select().from(auditEntries).where(eq(auditEntries.appId, app.id)).orderBy(desc(auditEntries.id)).limit(12)
  return rows.map(({ id, at, actorName, via, action, data }) => ({ id, at: at.toISOString(), who: actorName, via, action, data }))
}
