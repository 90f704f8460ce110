import { eq } from "drizzle-orm"
import type { z } from "zod"
import { apps } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import { releaseToRun, startRollout } from "@/server/releases"
import { wake } from "@/server/wakes"
import { ScaleAppInput } from "./schema"

/**
 * Wishes other replicas, another size, or both. A change of replicas leaves those that run; another size replaces them.
 * Before the first push it is only remembered. Wishing what is already so changes nothing.
 * @throws AppError `invalid` under `replicas` or `size`.
 */
export async function scaleApp(ctx: Ctx, raw: z.input<typeof ScaleAppInput>): Promise<{ replicas: number; size: number }> {
  const input = ScaleAppInput.parse(raw)
  const found = await appFor(ctx, input.app, "app:scale")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const from = { replicas: app.replicas, size: app.size }
    const to = { replicas: input.replicas ?? app.replicas, size: input.size ?? app.size }
    if (to.replicas === from.replicas && to.size === from.size) return to
    await tx.update(apps).set(to).where(eq(apps.id, app.id))
    await audit(tx, ctx, "app.scaled", { app, data: { from, to } })
    const release = await releaseToRun(tx, app.id)
    invariant(release, "an app has a release from its creation on")
    await startRollout(tx, ctx, app, { kind: "scale", releaseId: release.id, keepsGeneration: to.size === from.size })
    await wake(tx, "app", app.id)
    return to
  })
}
