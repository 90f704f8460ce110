import { eq } from "drizzle-orm"
import { builds } from "@/db/schema"
import { appFor } from "@/server/access"
import { type ConfigDiff, compareReleases, type HeldConfig, heldConfig } from "@/server/config"
import type { Ctx } from "@/server/kernel/context"
import type { Env } from "@/server/kernel/env"
import { type ReleaseInfo, releaseByVersion } from "@/server/releases"
import { type Addresses, addressesOf } from "./addresses"
import { type Overview, overviewOf } from "./overview"

export interface OverviewView extends Overview {
  addresses: Addresses
  /** Config that waits for the next deploy. */
  held: HeldConfig | null
  /** What the serving release brought against the one before it; `null` when none serves. */
  brought: { message: string | null; buildId: string | null; config: ConfigDiff } | null
}

/** One app: how it is, what it runs, what happened. @throws AppError `not_found`. */
export async function overviewView(
  ctx: Ctx,
  name: string,
  env: Pick<Env, "url" | "appsPort" | "appsDomain" | "sshPorts">,
): Promise<OverviewView> {
  const app = await appFor(ctx, name, "app:see")
  const overview = await overviewOf(ctx, app.name)
  return {
    ...overview,
    addresses: addressesOf(env, app),
    held: await heldConfig(ctx.db, app.id),
    brought: overview.serving && (await broughtBy(ctx, app.name, overview.serving.version)),
  }
}

async function broughtBy(ctx: Ctx, app: string, version: number): Promise<OverviewView["brought"]> {
  const { to, config } =
    version > 1
      ? await compareReleases(ctx, app, version - 1, version)
      : { to: await releaseByVersion(ctx, app, version), config: { added: [], changed: [], removed: [] } }
  return { message: await messageOf(ctx, to), buildId: to.slug?.buildId ?? null, config }
}

/** Of the commit, first line. */
async function messageOf(ctx: Ctx, { slug }: ReleaseInfo): Promise<string | null> {
  if (!slug?.buildId) return null
  const [build] = await ctx.db.select({ message: builds.message }).from(builds).where(eq(builds.id, slug.buildId))
  return build?.message.split("\n")[0] ?? null
}
