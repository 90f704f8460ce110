import { eq } from "drizzle-orm"
import type { z } from "zod"
import { apps } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { SetStackInput } from "./schema"

/** Chooses the stack of the next build. What runs stays on the stack that its slug was built for. Repeatable. */
export async function setStack(ctx: Ctx, raw: z.input<typeof SetStackInput>): Promise<{ stack: string }> {
  const { app: name, stack } = SetStackInput.parse(raw)
  const found = await appFor(ctx, name, "app:change_settings")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    if (app.stack !== stack) {
      await tx.update(apps).set({ stack }).where(eq(apps.id, app.id))
      await audit(tx, ctx, "app.stack_changed", { app, data: { from: app.stack, to: stack } })
    }
    return { stack }
  })
}
