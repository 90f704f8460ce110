import { and, asc, desc, eq, inArray, isNull, ne, notInArray, or, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/pg-core"
import { type AppSettings, apps, builds, permissions, type ReplicaExit, releases, replicas, rollouts, slugs, users } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { AppError, invariant } from "@/server/kernel/errors"
import { type Rollout, shownFirst, tookTheTraffic } from "@/server/releases"
import { type AppState, statusOf } from "./status"

export interface AppSummary {
  id: string
  name: string
  number: number
  /** What the asker is to it. */
  role: Role
  owner: string
  stack: string
  size: number
  /** The wish. */
  replicas: number
  /** How many are healthy. */
  running: number
  isInMaintenance: boolean
  createdAt: Date
  release: {
    version: number
    kind: "initial" | "deploy" | "config" | "rollback"
    summary: string
    createdAt: Date
    by: string | null
    /** `null` until something was pushed. */
    commit: string | null
  }
  /** The one under way, or the newest that was not superseded. */
  rollout: { version: number; state: Rollout["state"]; kind: Rollout["kind"]; reason: string | null; createdAt: Date } | null
  /** Is it well? In one word and one sentence. */
  status: { state: AppState; sentence: string }
  settings: AppSettings
}

/** Every app that the asker may see, by name. One query, whatever their number. */
export async function appsOf(ctx: Ctx): Promise<AppSummary[]> {
  const userId = userIdOf(ctx.actor)
  if (!userId) throw new AppError("unauthenticated", "Sign in first.")
  const shared = ctx.db.select({ id: permissions.appId }).from(permissions).where(eq(permissions.userId, userId))
  return summaries(ctx, userId, and(isNull(apps.deletedAt), or(eq(apps.ownerId, userId), inArray(apps.id, shared))))
}

/** One app. @throws AppError `not_found`. */
export async function appInfo(ctx: Ctx, appName: string): Promise<AppSummary> {
  const app = await appFor(ctx, appName, "app:see")
  const [summary] = await summaries(ctx, userIdOf(ctx.actor), eq(apps.id, app.id))
  invariant(summary, "an app that was found is there")
  return { ...summary, role: app.role }
}

async function summaries(ctx: Ctx, userId: string | null, where: ReturnType<typeof and>): Promise<AppSummary[]> {
  const [owner, maker] = [alias(users, "owner"), alias(users, "maker")]
  const [release, seen, rollout, serving] = [latestRelease(ctx), seenReplicas(ctx), newestRollout(ctx), servingRelease(ctx)]
  const building = ctx.db
    .select({ id: builds.id })
    .from(builds)
    .where(and(eq(builds.appId, apps.id), inArray(builds.state, ["queued", "building"])))
  const rows = await ctx.db
    .select({
      app: shown,
      ownerId: apps.ownerId,
      owner: owner.email,
      shared: permissions.role,
      release: { version: release.version, kind: release.kind, summary: release.summary, createdAt: release.createdAt },
      by: maker.email,
      commit: slugs.commit,
      seen: seen.seen,
      isBuilding: sql<boolean>`exists ${building}`,
      servingVersion: serving.version,
      rollout: { version: rollout.version, state: rollout.state, kind: rollout.kind, reason: rollout.reason, createdAt: rollout.createdAt },
    })
    .from(apps)
    .innerJoin(owner, eq(owner.id, apps.ownerId))
    .leftJoin(permissions, and(eq(permissions.appId, apps.id), userId ? eq(permissions.userId, userId) : sql`false`))
    .innerJoinLateral(release, sql`true`)
    .leftJoin(maker, eq(maker.id, release.userId))
    .leftJoin(slugs, eq(slugs.id, release.slugId))
    .innerJoinLateral(seen, sql`true`)
    .leftJoinLateral(rollout, sql`true`)
    .leftJoinLateral(serving, sql`true`)
    .where(where)
    .orderBy(asc(apps.name))
  return rows.map(({ app, ownerId, shared, by, commit, seen, isBuilding, servingVersion, ...row }) => ({
    ...app,
    ...row,
    role: ownerId === userId ? "owner" : shared === "COLLABORATOR" ? "collaborator" : "viewer",
    release: { ...row.release, by, commit },
    running: seen.filter((replica) => replica.state === "healthy" && replica.traffic === "active").length,
    status: statusOf({
      ...app,
      hasSlug: commit !== null,
      isBuilding,
      seen,
      servingVersion,
      rollout: row.rollout,
    }),
  }))
}

interface SeenReplica {
  state: string
  traffic: string
  lastExit: ReplicaExit | null
}

/** What of an app's row may leave the server: not its secrets. */
const { id, name, number, stack, size, replicas: wanted, isInMaintenance, createdAt, settings } = apps
const shown = { id, name, number, stack, size, replicas: wanted, isInMaintenance, createdAt, settings }

function latestRelease(ctx: Ctx) {
  const { version, kind, summary, createdAt, slugId, userId } = releases
  return ctx.db
    .select({ version, kind, summary, createdAt, slugId, userId })
    .from(releases)
    .where(eq(releases.appId, apps.id))
    .orderBy(desc(releases.version))
    .limit(1)
    .as("latest")
}

/** All that run and are not on their way out, as one JSON array an app. */
function seenReplicas(ctx: Ctx) {
  const facts = sql`json_build_object('state', ${replicas.state}, 'traffic', ${replicas.traffic}, 'lastExit', ${replicas.lastExit})`
  return ctx.db
    .select({ seen: sql<SeenReplica[]>`coalesce(json_agg(${facts}), '[]')`.as("seen") })
    .from(replicas)
    .where(and(eq(replicas.appId, apps.id), isNull(replicas.endedAt), notInArray(replicas.state, ["draining", "stopping"])))
    .as("seen_replicas")
}

/** The same as a page of the app says: `servingVersion`. */
function servingRelease(ctx: Ctx) {
  return ctx.db
    .select({ version: releases.version })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .where(and(eq(rollouts.appId, apps.id), tookTheTraffic))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
    .as("serving")
}

function newestRollout(ctx: Ctx) {
  const { state, kind, reason, createdAt } = rollouts
  return ctx.db
    .select({ state, kind, reason, createdAt, version: releases.version })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .where(and(eq(rollouts.appId, apps.id), ne(rollouts.state, "superseded")))
    .orderBy(...shownFirst)
    .limit(1)
    .as("newest_rollout")
}
