import { and, eq, inArray } from "drizzle-orm"
import type { z } from "zod"
import type { Transaction } from "@/db/client"
import { apps, builds } from "@/db/schema"
import { type App, appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { fieldError } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { DeleteAppInput } from "./schema"

/**
 * Deletes an app: from now on nobody sees it; the controller takes down what it has and then removes its row, which frees the name.
 * @throws AppError `invalid` under `confirm` when the name typed is another.
 */
export async function deleteApp(ctx: Ctx, raw: z.input<typeof DeleteAppInput>): Promise<{ name: string }> {
  const { app: name, confirm } = DeleteAppInput.parse(raw)
  const found = await appFor(ctx, name, "app:delete")
  if (confirm !== found.name) throw fieldError("confirm", `is not the app's name: type ${found.name}.`)
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    await tx.update(apps).set({ deletedAt: ctx.clock.now() }).where(eq(apps.id, app.id))
    await cancelBuilds(tx, ctx, app)
    await audit(tx, ctx, "app.deleted", { app })
    await wake(tx, "app", app.id)
    return { name: app.name }
  })
}

async function cancelBuilds(tx: Transaction, ctx: Ctx, app: App): Promise<void> {
  const cancelled = await tx
    .update(builds)
    .set({ cancelRequestedAt: ctx.clock.now() })
    .where(and(eq(builds.appId, app.id), inArray(builds.state, ["queued", "building"])))
    .returning({ id: builds.id })
  for (const build of cancelled) await wake(tx, "build", build.id)
}
