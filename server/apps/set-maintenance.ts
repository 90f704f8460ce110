import { eq } from "drizzle-orm"
import type { z } from "zod"
import { apps } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { wake } from "@/server/wakes"
import { SetMaintenanceInput } from "./schema"

/** Puts the maintenance page before the app, or takes it away. The replicas run on (gigalixir.md C.7). Repeatable. */
export async function setMaintenance(ctx: Ctx, raw: z.input<typeof SetMaintenanceInput>): Promise<{ isInMaintenance: boolean }> {
  const { app: name, isEnabled } = SetMaintenanceInput.parse(raw)
  const found = await appFor(ctx, name, "app:maintain")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    if (app.isInMaintenance !== isEnabled) {
      await tx.update(apps).set({ isInMaintenance: isEnabled }).where(eq(apps.id, app.id))
      await audit(tx, ctx, isEnabled ? "app.maintenance_started" : "app.maintenance_ended", { app })
      await wake(tx, "app", app.id)
    }
    return { isInMaintenance: isEnabled }
  })
}
