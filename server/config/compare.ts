import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { findRelease, type ReleaseInfo } from "@/server/releases"
import { type ConfigDiff, diffOf, entriesOf } from "./entries"

export interface Comparison {
  from: ReleaseInfo
  to: ReleaseInfo
  /** Keys, never values. */
  config: ConfigDiff
}

/** Two releases of one app side by side. @throws AppError `not_found` for a version that the app has not. */
export async function compareReleases(ctx: Ctx, appName: string, fromVersion: number, toVersion: number): Promise<Comparison> {
  const app = await appFor(ctx, appName, "release:see")
  const from = await findRelease(ctx, app, fromVersion)
  const to = await findRelease(ctx, app, toVersion)
  const config = diffOf(await entriesOf(ctx.db, from.configVersionId), await entriesOf(ctx.db, to.configVersionId))
  return { from, to, config }
}
