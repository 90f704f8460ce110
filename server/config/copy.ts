import type { z } from "zod"
import { appFor } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { fieldError, invariant } from "@/server/kernel/errors"
import { currentRelease } from "@/server/releases"
import { type AppliedConfig, applyConfig, entryFor } from "./apply"
import { openConfig } from "./open"
import { CopyConfigInput } from "./schema"

/**
 * Copies another app's config over this one's: equal keys are overwritten, others stay. What cannot be decrypted is refused whole.
 * @throws AppError also when one may not read the config of `from`.
 */
export async function copyConfig(ctx: Ctx, raw: z.input<typeof CopyConfigInput>): Promise<AppliedConfig> {
  const { app: name, from: sourceName, when } = CopyConfigInput.parse(raw)
  const app = await appFor(ctx, name, "config:change")
  const source = await appFor(ctx, sourceName, "config:reveal")
  return ctx.tx(async (tx) => {
    const release = await currentRelease(tx, source.id)
    invariant(release, "an app has a release from its creation on")
    const { values, undecryptable } = await openConfig({ ...ctx, db: tx }, release.configVersionId)
    if (undecryptable.length > 0)
      throw fieldError("from", `${source.name} has values that cannot be decrypted: ${undecryptable.join(", ")}.`)
    await audit(tx, ctx, "config.copied", { app: source, data: { to: app.name } })
    return applyConfig(tx, ctx, app, {
      next: (now) => {
        const next = new Map(now)
        for (const [key, value] of Object.entries(values)) next.set(key, entryFor(ctx, now, key, value.reveal()))
        return next
      },
      summary: () => `Copied the config of ${source.name}.`,
      when,
    })
  })
}
