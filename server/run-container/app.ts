import { and, eq, isNull } from "drizzle-orm"
import { apps } from "@/db/schema"
import { type App, NO_SUCH_APP } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"

/**
 * The app whose run container asks: it reaches its own app and nothing else, people reach none this way.
 * @throws AppError `not_found`.
 */
export async function ownApp(ctx: Ctx, name: string): Promise<App> {
  const { actor } = ctx
  if (actor.kind !== "run_container" || actor.appName !== name) throw new AppError("not_found", NO_SUCH_APP)
  const [app] = await ctx.db
    .select()
    .from(apps)
    .where(and(eq(apps.id, actor.appId), isNull(apps.deletedAt)))
  if (!app) throw new AppError("not_found", NO_SUCH_APP)
  return app
}
