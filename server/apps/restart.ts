import type { z } from "zod"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError, invariant } from "@/server/kernel/errors"
import { type Rollout, releaseToRun, startRollout } from "@/server/releases"
import { RestartAppInput } from "./schema"

const NOTHING_DEPLOYED = "Nothing is deployed yet: push first."

/** Replaces all replicas by new ones of the same release, without a failed request. @throws AppError `conflict` before the first push. */
export async function restartApp(ctx: Ctx, raw: z.input<typeof RestartAppInput>): Promise<Rollout> {
  const input = RestartAppInput.parse(raw)
  const found = await appFor(ctx, input.app, "app:restart")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const release = await releaseToRun(tx, app.id)
    invariant(release, "an app has a release from its creation on")
    const rollout = await startRollout(tx, ctx, app, { kind: "restart", releaseId: release.id })
    if (!rollout) throw new AppError("conflict", NOTHING_DEPLOYED)
    await audit(tx, ctx, "app.restarted", { app, data: { version: release.version } })
    return rollout
  })
}
