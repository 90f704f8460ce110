import { desc, eq } from "drizzle-orm"
import { auditEntries } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"

export interface Activity {
  id: number
  at: Date
  /** An e-mail, an app's name, or `system`. */
  actor: string
  via: string
  /** `app.scaled`. */
  action: string
  data: Record<string, unknown>
}

/** What happened to an app, newest first. */
export async function activityOf(ctx: Ctx, appName: string, limit = 100): Promise<Activity[]> {
  const app = await appFor(ctx, appName, "app:see")
  const { id, at, actorName, via, action, data } = auditEntries
  return ctx.db
    .select({ id, at, actor: actorName, via, action, data })
    .from(auditEntries)
    .where(eq(auditEntries.appId, app.id))
    .orderBy(desc(id))
    .limit(limit)
}
