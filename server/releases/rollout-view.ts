import { and, desc, eq, inArray, isNotNull, isNull, lt, ne } from "drizzle-orm"
import { oneOffs, type RolloutStep, releases, replicas, rollouts, users } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { shownFirst } from "./shown-first"
import type { Rollout } from "./start-rollout"
import { type UsualDurations, usualDurations } from "./usual-durations"

/** One rollout as every page shows it. Times are ISO 8601. */
export interface RolloutView {
  id: string
  kind: Rollout["kind"]
  state: Rollout["state"]
  version: number
  strategy: Rollout["strategy"]
  /** Why a hot one went on as a rolling one. */
  fallbackReason: string | null
  steps: RolloutStep[]
  reason: string | null
  lastLines: string[]
  createdAt: string
  liveAt: string | null
  endedAt: string | null
  by: string | null
  /** When somebody asked to end it, and who. */
  cancelRequestedAt: string | null
  cancelledBy: string | null
  /** What it asks for, and how much of that is there. */
  replicas: { wanted: number; healthy: number }
  /** Former replicas that finish what they have. */
  draining: DrainingReplica[]
  releaseCommand: ReleaseCommandView | null
  /** Of the last ten of its kind that went well. */
  usual: UsualDurations
  /** The release that takes the traffic; `null` when none does. */
  servingVersion: number | null
}

export interface DrainingReplica {
  id: string
  /** `null` before they were counted. */
  openRequests: number | null
  openSockets: number | null
}

export interface ReleaseCommandView {
  /** Of its one-off: its lines in the log carry it. */
  id: string
  /** A shell's command line. */
  command: string
  state: (typeof oneOffs.$inferSelect)["state"]
  exitCode: number | null
  reason: string | null
  timeLimitSeconds: number
  startedAt: string | null
  endedAt: string | null
}

/** What the pages of an app show of its rollouts: the one under way, else the last that was not superseded; and the one behind it. */
export async function shownRollout(ctx: Ctx, appId: string): Promise<{ rollout: RolloutView | null; next: RolloutView | null }> {
  const [shown, behind] = await ctx.db
    .select({ id: rollouts.id, endedAt: rollouts.endedAt })
    .from(rollouts)
    .where(and(eq(rollouts.appId, appId), ne(rollouts.state, "superseded")))
    .orderBy(...shownFirst)
    .limit(2)
  return {
    rollout: shown ? await rolloutView(ctx, shown.id) : null,
    next: behind?.endedAt === null ? await rolloutView(ctx, behind.id) : null,
  }
}

/** @param id of a rollout that the asker may see. */
export async function rolloutView(ctx: Ctx, id: string): Promise<RolloutView | null> {
  const [row] = await ctx.db
    .select({ rollout: rollouts, version: releases.version, by: users.email })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .leftJoin(users, eq(users.id, rollouts.userId))
    .where(eq(rollouts.id, id))
  if (!row) return null
  const { rollout } = row
  const [seen, releaseCommand, usual, serving, cancelledBy] = await Promise.all([
    rollout.endedAt ? [] : seenReplicas(ctx, rollout.appId),
    releaseCommandOf(ctx, id),
    usualOf(ctx, rollout),
    servingVersion(ctx.db, rollout.appId),
    rollout.cancelledBy ? emailOf(ctx, rollout.cancelledBy) : null,
  ])
  const { kind, state, strategy, fallbackReason, steps, reason, lastLines } = rollout
  return {
    ...{ id, kind, state, strategy, fallbackReason, steps, reason, lastLines, releaseCommand, usual, cancelledBy },
    version: row.version,
    by: row.by,
    createdAt: rollout.createdAt.toISOString(),
    liveAt: iso(rollout.liveAt),
    endedAt: iso(rollout.endedAt),
    cancelRequestedAt: iso(rollout.cancelRequestedAt),
    replicas: { wanted: rollout.replicas, healthy: seen.filter((replica) => countsFor(rollout, replica)).length },
    draining: seen
      .filter((replica) => replica.state === "draining")
      .map(({ id: replica, openRequests, openSockets }) => ({ id: replica, openRequests, openSockets })),
    servingVersion: serving,
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? null

interface SeenReplica extends DrainingReplica {
  generation: string
  state: string
  traffic: string
}

/** Its stand-in is not one of those that a hot upgrade is about. */
function countsFor({ generation, state }: Rollout, replica: SeenReplica): boolean {
  return replica.generation === generation && replica.state === "healthy" && (state !== "upgrading" || replica.traffic === "active")
}

function seenReplicas(ctx: Ctx, appId: string): Promise<SeenReplica[]> {
  const { id, generation, state, traffic, openRequests, openSockets } = replicas
  return ctx.db
    .select({ id, generation, state, traffic, openRequests, openSockets })
    .from(replicas)
    .where(and(eq(replicas.appId, appId), isNull(replicas.endedAt)))
    .orderBy(replicas.index, replicas.startedAt)
}

async function releaseCommandOf(ctx: Ctx, rolloutId: string): Promise<ReleaseCommandView | null> {
  const [row] = await ctx.db.select().from(oneOffs).where(eq(oneOffs.rolloutId, rolloutId))
  if (!row) return null
  const { id, command, state, exitCode, reason, timeLimitSeconds } = row
  const times = { startedAt: iso(row.startedAt), endedAt: iso(row.endedAt) }
  return { id, command: command.at(-1) ?? "", state, exitCode, reason, timeLimitSeconds, ...times }
}

/** Of those before it: it is no measure for itself. A hot one is another matter than a rolling one. */
async function usualOf(ctx: Ctx, { appId, kind, strategy, createdAt }: Rollout): Promise<UsualDurations> {
  const lastTen = await ctx.db
    .select({ steps: rollouts.steps, createdAt: rollouts.createdAt, liveAt: rollouts.liveAt })
    .from(rollouts)
    .where(
      and(
        ...[eq(rollouts.appId, appId), eq(rollouts.kind, kind), eq(rollouts.strategy, strategy)],
        ...[eq(rollouts.state, "settled"), lt(rollouts.createdAt, createdAt)],
      ),
    )
    .orderBy(desc(rollouts.createdAt))
    .limit(10)
  return usualDurations(lastTen)
}

async function emailOf(ctx: Ctx, userId: string): Promise<string | null> {
  const [user] = await ctx.db.select({ email: users.email }).from(users).where(eq(users.id, userId))
  return user?.email ?? null
}

/** Of a rollout: its release took the traffic and was not taken back. */
export const tookTheTraffic = and(isNotNull(rollouts.liveAt), inArray(rollouts.state, ["settling", "draining", "settled"]))

/** The version of the last rollout that took the traffic and was not taken back. */
export async function servingVersion(db: Ctx["db"], appId: string): Promise<number | null> {
  const [row] = await db
    .select({ version: releases.version })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .where(and(eq(rollouts.appId, appId), tookTheTraffic))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  return row?.version ?? null
}
