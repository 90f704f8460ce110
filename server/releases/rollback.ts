import { and, eq } from "drizzle-orm"
import type { z } from "zod"
import { releases } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { addRelease, type Release } from "./add-release"
import { RollbackInput } from "./schema"
import { startRollout } from "./start-rollout"

/**
 * Makes a new release of an older one's slug and config, and rolls it out (docs/decisions: a rollback brings slug and config back).
 * @throws AppError `not_found` for a version that the app has not, `conflict` for one before the first push.
 */
export async function rollback(ctx: Ctx, raw: z.input<typeof RollbackInput>): Promise<Release> {
  const { app: name, version } = RollbackInput.parse(raw)
  const found = await appFor(ctx, name, "release:rollback")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const [old] = await tx
      .select()
      .from(releases)
      .where(and(eq(releases.appId, app.id), eq(releases.version, version)))
    if (!old) throw new AppError("not_found", `There is no release v${version} of this app.`)
    if (!old.slugId) throw new AppError("conflict", `v${version} has nothing to run: it is from before the first push.`)
    const release = await addRelease(tx, ctx, app, {
      kind: "rollback",
      slugId: old.slugId,
      configVersionId: old.configVersionId,
      summary: `Rolled back to v${version}.`,
      rollbackTo: version,
    })
    await startRollout(tx, ctx, app, { kind: "rollback", releaseId: release.id })
    await audit(tx, ctx, "release.rolled_back", { app, data: { to: version, version: release.version } })
    return release
  })
}
