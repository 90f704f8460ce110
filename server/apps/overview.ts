import { and, desc, eq, gt, inArray, isNull } from "drizzle-orm"
import { auditEntries, builds, type ReplicaExit, releases, replicas, rollouts, slugs, users } from "@/db/schema"
import { type App, appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import type { Ctx } from "@/server/kernel/context"
import { type RolloutView, servingVersion, shownRollout } from "@/server/releases"
import { type AppState, statusOf } from "./status"

export interface ReplicaView {
  id: string
  index: number
  state: string
  traffic: string
  version: number
  nodeName: string
  startedAt: string
  healthyAt: string | null
  /** While it drains: since when, and what it has still to finish; `null` before that was counted. */
  drainingAt: string | null
  openRequests: number | null
  openSockets: number | null
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
    /** How many there were before it was scaled to zero; `null` where it is not. */
    formerReplicas: number | null
    isInMaintenance: boolean
    createdAt: string
    owner: string
  }
  state: AppState
  sentence: string
  /** The one that serves; `null` when none does. */
  serving: ReleaseLine | null
  /** The one under way, else the last. */
  rollout: RolloutView | null
  /** The one that waits behind it. */
  next: RolloutView | null
  build: { id: string; number: number; state: string; commit: string; message: string; createdAt: string } | null
  replicas: ReplicaView[]
  activity: Array<{ id: number; at: string; who: string; via: string; action: string; data: Record<string, unknown> }>
}

export async function overviewOf(ctx: Ctx, name: string): Promise<Overview> {
  const app = await appFor(ctx, name, "app:see")
  const [owner, serving, { rollout, next }, build, seen, activity, hasSlug, formerReplicas] = await Promise.all([
    ownerOf(ctx, app),
    servingRelease(ctx, app),
    shownRollout(ctx, app.id),
    openBuild(ctx, app),
    runningReplicas(ctx, app),
    recentActivity(ctx, app),
    hasAnySlug(ctx, app),
    app.replicas === 0 ? replicasBefore(ctx, app) : null,
  ])
  const { state, sentence } = statusOf({
    replicas: app.replicas,
    isInMaintenance: app.isInMaintenance,
    hasSlug,
    servingVersion: serving?.version ?? null,
    isBuilding: build !== null,
    rollout,
    seen: seen.filter((replica) => replica.state !== "draining" && replica.state !== "stopping"),
  })
  const { role, size, stack, isInMaintenance } = app
  const facts = {
    name: app.name,
    role,
    size,
    stack,
    replicas: app.replicas,
    formerReplicas,
    isInMaintenance,
    createdAt: app.createdAt.toISOString(),
    owner,
  }
  return { app: facts, state, sentence, serving, rollout, next, build, replicas: seen, activity }
}

async function ownerOf(ctx: Ctx, app: App): Promise<string> {
  const [owner] = await ctx.db.select({ email: users.email }).from(users).where(eq(users.id, app.ownerId))
  return owner?.email ?? ""
}

async function hasAnySlug(ctx: Ctx, app: App): Promise<boolean> {
  const [slug] = await ctx.db.select({ id: slugs.id }).from(slugs).where(eq(slugs.appId, app.id)).limit(1)
  return slug !== undefined
}

async function servingRelease(ctx: Ctx, app: App): Promise<ReleaseLine | null> {
  const serving = await servingVersion(ctx.db, app.id)
  if (serving === null) return null
  const { version, kind, summary, createdAt } = releases
  const [row] = await ctx.db
    .select({ version, kind, summary, createdAt, commit: slugs.commit, by: users.email })
    .from(releases)
    .leftJoin(slugs, eq(slugs.id, releases.slugId))
    .leftJoin(users, eq(users.id, releases.userId))
    .where(and(eq(releases.appId, app.id), eq(version, serving)))
  return row ? { ...row, createdAt: row.createdAt.toISOString() } : null
}

async function replicasBefore(ctx: Ctx, app: App): Promise<number | null> {
  const [row] = await ctx.db
    .select({ replicas: rollouts.replicas })
    .from(rollouts)
    .where(and(eq(rollouts.appId, app.id), gt(rollouts.replicas, 0)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  return row?.replicas ?? null
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
    const { id, index, state, traffic, restarts, lastExit, openRequests, openSockets } = replica
    const times = {
      startedAt: replica.startedAt.toISOString(),
      healthyAt: replica.healthyAt?.toISOString() ?? null,
      drainingAt: replica.drainingAt?.toISOString() ?? null,
    }
    const nodeName = `${app.name}@${replica.address.split(":")[0]}`
    return { id, index, state, traffic, version, nodeName, restarts, lastExit, openRequests, openSockets, ...times }
  })
}

async function recentActivity(ctx: Ctx, app: App): Promise<Overview["activity"]> {
  const rows = await ctx.db.select().from(auditEntries).where(eq(auditEntries.appId, app.id)).orderBy(desc(auditEntries.id)).limit(12)
  return rows.map(({ id, at, actorName, via, action, data }) => ({ id, at: at.toISOString(), who: actorName, via, action, data }))
}
