import { eq } from "drizzle-orm"
import type { z } from "zod"
import { type AppSettings, apps } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { wake } from "@/server/wakes"
import { ChangeSettingsInput } from "./schema"

/**
 * Changes how the app is judged and rolled; what is not given stays. No replica is replaced: it holds from the next look on.
 * @throws AppError `invalid` under `check.path` and the like.
 */
export async function changeSettings(ctx: Ctx, raw: z.input<typeof ChangeSettingsInput>): Promise<AppSettings> {
  const input = ChangeSettingsInput.parse(raw)
  const found = await appFor(ctx, input.app, "app:change_settings")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const settings = {
      check: { ...app.settings.check, ...given(input.check) },
      rollout: { ...app.settings.rollout, ...given(input.rollout) },
      releaseCommand: { ...app.settings.releaseCommand, ...given(input.releaseCommand) },
    }
    if (JSON.stringify(settings) === JSON.stringify(app.settings)) return settings
    await tx.update(apps).set({ settings }).where(eq(apps.id, app.id))
    await audit(tx, ctx, "app.settings_changed", { app, data: { from: app.settings, to: settings } })
    await wake(tx, "app", app.id)
    return settings
  })
}

/** Without the keys whose value is missing, so that they do not overwrite what is there. */
function given<T extends object>(part: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(part ?? {}).filter(([, value]) => value !== undefined)
  // Object.fromEntries forgets the keys' types; they are those of `part`.
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
