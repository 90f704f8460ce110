import { desc, eq } from "drizzle-orm"
import { releases } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import { type ConfigDiff, compareReleases } from "@/server/config"
import type { Ctx } from "@/server/kernel/context"
import { servingVersion } from "./rollout-view"
import { factsOf, messagesOf, type ReleaseFacts } from "./views"

/** Two releases side by side. Times are ISO 8601. */
export interface ComparisonView {
  role: Role
  /** Those that can be chosen, newest first. */
  versions: { version: number; summary: string; at: string }[]
  /** The one that takes the traffic. */
  serving: number | null
  from: ComparedRelease
  to: ComparedRelease
  /** Keys, never values. */
  config: ConfigDiff
}

export interface ComparedRelease extends ReleaseFacts {
  /** First line of its commit's message. */
  message: string | null
}

/** More than these are reached by the URL. */
const OFFERED = 200

/**
 * @param from `null`: the one before `to`. @param to `null`: the newest.
 * @throws AppError `not_found` for a version that the app has not.
 */
export async function comparisonView(ctx: Ctx, name: string, from: number | null, to: number | null): Promise<ComparisonView> {
  const app = await appFor(ctx, name, "release:see")
  const offered = await ctx.db
    .select({ version: releases.version, summary: releases.summary, createdAt: releases.createdAt })
    .from(releases)
    .where(eq(releases.appId, app.id))
    .orderBy(desc(releases.version))
    .limit(OFFERED)
  const toVersion = to ?? offered[0]?.version ?? 1
  const compared = await compareReleases(ctx, app.name, from ?? Math.max(1, toVersion - 1), toVersion)
  const messages = await messagesOf(ctx, [compared.from, compared.to])
  const shown = (release: typeof compared.from) => ({
    ...factsOf(release),
    message: messages.get(release.slug?.buildId ?? "") ?? null,
  })
  return {
    role: app.role,
    versions: offered.map(({ version, summary, createdAt }) => ({ version, summary, at: createdAt.toISOString() })),
    serving: await servingVersion(ctx.db, app.id),
    from: shown(compared.from),
    to: shown(compared.to),
    config: compared.config,
  }
}
