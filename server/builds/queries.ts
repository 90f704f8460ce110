import { and, asc, desc, eq, gt, type SQL } from "drizzle-orm"
import { buildOutput, builds, releases, slugs, users } from "@/db/schema"
import { type App, appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import type { Build } from "./request"

export interface BuildInfo extends Build {
  /** The pusher's e-mail. */
  by: string | null
  /** Of the release that it made. */
  release: number | null
  slug: { sha256: string; sizeBytes: number } | null
}

/** The builds of an app, newest first. */
export async function buildsOf(ctx: Ctx, appName: string, limit = 50): Promise<BuildInfo[]> {
  const app = await appFor(ctx, appName, "release:see")
  return selectBuilds(ctx, eq(builds.appId, app.id), limit)
}

/** @param which its id, or its number within the app. @throws AppError `not_found`. */
export async function buildOf(ctx: Ctx, appName: string, which: string): Promise<BuildInfo> {
  const app = await appFor(ctx, appName, "release:see")
  const [build] = await selectBuilds(ctx, whereBuild(app, which), 1)
  if (!build) throw noSuchBuild()
  return build
}

export interface OutputLine {
  /** Grows; give the last one seen to get what came after. */
  id: number
  at: Date
  phase: string
  /** With its ANSI colours. */
  text: string
}

/** What a build printed after a line, oldest first. @param afterId 0 for all. */
export async function outputOf(ctx: Ctx, appName: string, which: string, afterId = 0, limit = 5000): Promise<OutputLine[]> {
  const app = await appFor(ctx, appName, "release:see")
  const { id } = await findBuild(ctx.db, app, which)
  return ctx.db
    .select({ id: buildOutput.id, at: buildOutput.at, phase: buildOutput.phase, text: buildOutput.text })
    .from(buildOutput)
    .where(and(eq(buildOutput.buildId, id), gt(buildOutput.id, afterId)))
    .orderBy(asc(buildOutput.id))
    .limit(limit)
}

/** Among the builds of this app only. @throws AppError `not_found`. */
export async function findBuild(db: Ctx["db"], app: Pick<App, "id">, which: string): Promise<Build> {
  const [build] = await db.select().from(builds).where(whereBuild(app, which))
  if (!build) throw noSuchBuild()
  return build
}

async function selectBuilds(ctx: Ctx, where: SQL | undefined, limit: number): Promise<BuildInfo[]> {
  const rows = await ctx.db
    .select({ build: builds, by: users.email, release: releases.version, sha256: slugs.sha256, sizeBytes: slugs.sizeBytes })
    .from(builds)
    .leftJoin(users, eq(users.id, builds.userId))
    .leftJoin(slugs, eq(slugs.buildId, builds.id))
    .leftJoin(releases, and(eq(releases.slugId, slugs.id), eq(releases.kind, "deploy")))
    .where(where)
    .orderBy(desc(builds.number))
    .limit(limit)
  return rows.map(({ build, by, release, sha256, sizeBytes }) => ({
    ...build,
    by,
    release,
    slug: sha256 && sizeBytes !== null ? { sha256, sizeBytes } : null,
  }))
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const NUMBER = /^[1-9][0-9]{0,8}$/

function whereBuild(app: Pick<App, "id">, which: string): SQL | undefined {
  if (UUID.test(which)) return and(eq(builds.appId, app.id), eq(builds.id, which))
  if (NUMBER.test(which)) return and(eq(builds.appId, app.id), eq(builds.number, Number(which)))
  throw noSuchBuild()
}

const noSuchBuild = () => new AppError("not_found", "There is no such build of this app.")
