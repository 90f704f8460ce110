import { and, eq } from "drizzle-orm"
import type { z } from "zod"
import { configVersions } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { type AppliedConfig, applyConfig } from "./apply"
import { entriesOf } from "./entries"
import { RestoreConfigInput } from "./schema"

/** Makes an older config the newest again, whole; the slug stays. @throws AppError `not_found` for a number that the app has not. */
export async function restoreConfig(ctx: Ctx, raw: z.input<typeof RestoreConfigInput>): Promise<AppliedConfig> {
  const { app: name, version, when } = RestoreConfigInput.parse(raw)
  const app = await appFor(ctx, name, "config:change")
  return ctx.tx(async (tx) => {
    const [old] = await tx
      .select({ id: configVersions.id })
      .from(configVersions)
      .where(and(eq(configVersions.appId, app.id), eq(configVersions.number, version)))
    if (!old) throw new AppError("not_found", `There is no config ${version} of this app.`)
    return applyConfig(tx, ctx, app, {
      next: () => entriesOf(tx, old.id),
      summary: () => `Restored config ${version}.`,
      when,
    })
  })
}
