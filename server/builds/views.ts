import { and, desc, eq, isNotNull, sql } from "drizzle-orm"
import { type BuildPhase, builds } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import type { Ctx } from "@/server/kernel/context"
import { type Rollout, rolloutsOf } from "@/server/releases"
import { type BuildInfo, buildOf, outputOf } from "./queries"

/** A build without its output. Times are ISO 8601. */
export interface BuildView {
  app: string
  role: Role
  id: string
  number: number
  state: BuildInfo["state"]
  commit: string
  message: string
  branch: string
  cleanCache: boolean
  by: string | null
  reason: string | null
  phases: BuildPhase[]
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  isCancelling: boolean
  /** The release that it made, and how far it got. */
  release: { version: number; rollout: { state: Rollout["state"]; reason: string | null } | null } | null
  /** The median of the last ten that went well. */
  usualSeconds: number | null
}

/** @param which the id, or the number within the app. @throws AppError `not_found`. */
export async function buildView(ctx: Ctx, name: string, which: string): Promise<BuildView> {
  const app = await appFor(ctx, name, "release:see")
  const build = await buildOf(ctx, app.name, which)
  const { id, number, state, commit, message, branch, cleanCache, by, reason, phases } = build
  return {
    ...{ id, number, state, commit, message, branch, cleanCache, by, reason, phases },
    app: app.name,
    role: app.role,
    createdAt: build.createdAt.toISOString(),
    startedAt: build.startedAt?.toISOString() ?? null,
    endedAt: build.endedAt?.toISOString() ?? null,
    isCancelling: build.cancelRequestedAt !== null && build.endedAt === null,
    release: build.release === null ? null : { version: build.release, rollout: await rolloutOf(ctx, app.name, build.release) },
    usualSeconds: await usualBuildSeconds(ctx, app.id),
  }
}

async function rolloutOf(ctx: Ctx, app: string, version: number): Promise<{ state: Rollout["state"]; reason: string | null } | null> {
  const found = (await rolloutsOf(ctx, app, 50)).find((rollout) => rollout.version === version)
  return found ? { state: found.state, reason: found.reason } : null
}

async function usualBuildSeconds(ctx: Ctx, appId: string): Promise<number | null> {
  const lastTen = ctx.db
    .select({ seconds: sql<number>`extract(epoch from ${builds.endedAt} - ${builds.startedAt})`.as("seconds") })
    .from(builds)
    .where(and(eq(builds.appId, appId), eq(builds.state, "succeeded"), isNotNull(builds.startedAt), isNotNull(builds.endedAt)))
    .orderBy(desc(builds.number))
    .limit(10)
    .as("last_ten")
  const [row] = await ctx.db
    .select({ median: sql<number | null>`percentile_cont(0.5) within group (order by ${lastTen.seconds})::float8` })
    .from(lastTen)
  return row?.median ?? null
}

/** A line of a build's output. */
export interface BuildLine {
  id: number
  /** ISO 8601. */
  at: string
  phase: string
  /** With its ANSI colours. */
  text: string
}

export interface BuildLinesView {
  lines: BuildLine[]
  /** Whether more is there already. */
  hasMore: boolean
}

const PAGE = 5_000

/** What a build printed after a line. @param after 0 for all from the start. */
export async function buildLinesView(ctx: Ctx, name: string, which: string, after: number, limit = PAGE): Promise<BuildLinesView> {
  const lines = await outputOf(ctx, name, which, after, limit)
  return { lines: lines.map(({ id, at, phase, text }) => ({ id, at: at.toISOString(), phase, text })), hasMore: lines.length === limit }
}
