import { and, desc, eq, getTableColumns, inArray, type SQL } from "drizzle-orm"
import * as z from "zod"
import { type RolloutStep, releases, rollouts, type SlugMeta, slugs, users } from "@/db/schema"
import { type App, appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import type { Release } from "./add-release"
import { type RolloutView, rolloutView, shownRollout } from "./rollout-view"
import { shownFirst } from "./shown-first"
import type { Rollout } from "./start-rollout"

export interface ReleaseInfo extends Omit<Release, "appId" | "userId"> {
  /** `null` until something was pushed. */
  slug: { buildId: string | null; commit: string; sha256: string; sizeBytes: number; stack: string; meta: SlugMeta } | null
  /** Who made it. */
  by: string | null
  /** The newest way to it; `null` when it was never rolled out. */
  rollout: RolloutInfo | null
}

export interface RolloutInfo {
  id: string
  kind: Rollout["kind"]
  state: Rollout["state"]
  strategy: Rollout["strategy"]
  steps: RolloutStep[]
  reason: string | null
  lastLines: string[]
  createdAt: Date
  liveAt: Date | null
  endedAt: Date | null
}

/** Newest first. */
export async function releasesOf(ctx: Ctx, appName: string, limit = 100): Promise<ReleaseInfo[]> {
  const app = await appFor(ctx, appName, "release:see")
  return selectReleases(ctx, eq(releases.appId, app.id), limit)
}

/** @throws AppError `not_found` for a version that the app has not. */
export async function releaseByVersion(ctx: Ctx, appName: string, version: number): Promise<ReleaseInfo> {
  const app = await appFor(ctx, appName, "release:see")
  return findRelease(ctx, app, version)
}

/** The one with the highest version: what should run. */
export async function latestRelease(ctx: Ctx, appName: string): Promise<ReleaseInfo> {
  const [latest] = await releasesOf(ctx, appName, 1)
  if (!latest) throw new AppError("not_found", "This app has no release.")
  return latest
}

/** What is under way or was last: of the whole app, newest first. */
export async function rolloutsOf(ctx: Ctx, appName: string, limit = 10): Promise<Array<RolloutInfo & { version: number }>> {
  const app = await appFor(ctx, appName, "release:see")
  const rows = await ctx.db
    .select({ ...rolloutColumns, version: releases.version })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .where(eq(rollouts.appId, app.id))
    .orderBy(desc(rollouts.createdAt))
    .limit(limit)
  return rows
}

/** What rolls or rolled last, and what waits behind it. */
export async function currentRollouts(ctx: Ctx, appName: string): Promise<{ rollout: RolloutView | null; next: RolloutView | null }> {
  return shownRollout(ctx, (await appFor(ctx, appName, "release:see")).id)
}

/** @param which an id, or `current` for the one under way, else the last. @throws AppError `not_found`. */
export async function rolloutOf(ctx: Ctx, appName: string, which: string): Promise<RolloutView> {
  const app = await appFor(ctx, appName, "release:see")
  const found = await findRollout(ctx.db, app, which)
  const view = found && (await rolloutView(ctx, found.id))
  if (!view) throw noSuchRollout(which)
  return view
}

/** Among the rollouts of this app only. */
export async function findRollout(db: Ctx["db"], app: Pick<App, "id">, which: string): Promise<{ id: string } | undefined> {
  if (which !== CURRENT && !z.uuid().safeParse(which).success) return undefined
  const [found] = await db
    .select({ id: rollouts.id })
    .from(rollouts)
    .where(and(eq(rollouts.appId, app.id), which === CURRENT ? undefined : eq(rollouts.id, which)))
    .orderBy(...shownFirst)
    .limit(1)
  return found
}

/** What names the rollout under way, else the last. */
const CURRENT = "current"

export function noSuchRollout(which: string): AppError {
  return new AppError("not_found", which === CURRENT ? "Nothing was rolled out yet." : "There is no such rollout of this app.")
}

/** Of this app only. @throws AppError `not_found`. */
export async function findRelease(ctx: Ctx, app: Pick<App, "id">, version: number): Promise<ReleaseInfo> {
  const isPossible = Number.isInteger(version) && version > 0 && version < 2 ** 31
  const where = and(eq(releases.appId, app.id), eq(releases.version, version))
  const [release] = isPossible ? await selectReleases(ctx, where, 1) : []
  if (!release) throw new AppError("not_found", `There is no release v${version} of this app.`)
  return release
}

async function selectReleases(ctx: Ctx, where: SQL | undefined, limit: number): Promise<ReleaseInfo[]> {
  const { appId, userId, ...columns } = getTableColumns(releases)
  const rows = await ctx.db
    .select({ ...columns, slug: slugs, by: users.email })
    .from(releases)
    .leftJoin(slugs, eq(slugs.id, releases.slugId))
    .leftJoin(users, eq(users.id, userId))
    .where(where)
    .orderBy(desc(releases.version))
    .limit(limit)
  const newest = await newestRollouts(
    ctx,
    rows.map((row) => row.id),
  )
  return rows.map(({ slug, ...row }) => ({ ...row, slug: slug && slugInfo(slug), rollout: newest.get(row.id) ?? null }))
}

function slugInfo({ buildId, commit, sha256, sizeBytes, stack, meta }: typeof slugs.$inferSelect): ReleaseInfo["slug"] {
  return { buildId, commit, sha256, sizeBytes, stack, meta }
}

const { id, kind, state, strategy, steps, reason, lastLines, createdAt, liveAt, endedAt } = rollouts
const rolloutColumns = { id, kind, state, strategy, steps, reason, lastLines, createdAt, liveAt, endedAt }

async function newestRollouts(ctx: Ctx, releaseIds: string[]): Promise<Map<string, RolloutInfo>> {
  if (releaseIds.length === 0) return new Map()
  const rows = await ctx.db
    .selectDistinctOn([rollouts.releaseId], { ...rolloutColumns, releaseId: rollouts.releaseId })
    .from(rollouts)
    .where(inArray(rollouts.releaseId, releaseIds))
    .orderBy(rollouts.releaseId, desc(rollouts.createdAt))
  return new Map(rows.map(({ releaseId, ...rollout }) => [releaseId, rollout]))
}
