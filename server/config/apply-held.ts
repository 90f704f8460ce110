import type { z } from "zod"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError, invariant } from "@/server/kernel/errors"
import { currentRelease, startRollout } from "@/server/releases"
import type { AppliedConfig } from "./apply"
import { heldConfig } from "./held"
import { ApplyHeldConfigInput } from "./schema"

/**
 * Rolls the newest release out, whose config was held until the next deploy, or was taken back once.
 * @throws AppError `conflict` when what runs has the newest config.
 */
export async function applyHeldConfig(ctx: Ctx, raw: z.input<typeof ApplyHeldConfigInput>): Promise<AppliedConfig> {
  const { app: name } = ApplyHeldConfigInput.parse(raw)
  const found = await appFor(ctx, name, "config:change")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const held = await heldConfig(tx, app.id)
    if (!held) throw new AppError("conflict", "No change of the config waits: what runs has the newest.")
    const release = await currentRelease(tx, app.id)
    invariant(release, "an app has a release from its creation on")
    const rollout = await startRollout(tx, ctx, app, { kind: "config", releaseId: release.id })
    const { version, added, changed, removed } = held
    await audit(tx, ctx, "config.applied", { app, data: { version, added, changed, removed } })
    return { version, added, changed, removed, isRolledOut: rollout !== null }
  })
}
