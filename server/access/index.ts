import { and, eq, isNull, or } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { apps, permissions } from "@/db/schema"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { type Action, may, type Role, whyNot } from "./policy"

export type App = typeof apps.$inferSelect

export const NO_SUCH_APP = "App not found. Check its name, or ask its owner to share it with you."

/**
 * Finds an app among what the actor may see, and authorises. The only way to load an app for somebody.
 * @throws AppError `unauthenticated` for a stranger without an account, `not_found` for what one may not see, `forbidden`
 *   for what one sees but may not do.
 */
export async function appFor(ctx: Ctx, name: string, action: Action): Promise<App & { role: Role }> {
  const found = await seenApp(ctx, name)
  if (!found) throw new AppError("not_found", NO_SUCH_APP)
  if (!may(found.role, action)) throw new AppError("forbidden", whyNot(found.role, action) ?? "Not allowed.")
  return found
}

/**
 * Reads the app once more and holds its row until the transaction ends: changes of one app happen one after the other.
 * @throws AppError `not_found` when it was deleted meanwhile.
 */
export async function lockApp(tx: Transaction, app: Pick<App, "id">): Promise<App> {
  const [row] = await tx
    .select()
    .from(apps)
    .where(and(eq(apps.id, app.id), isNull(apps.deletedAt)))
    .for("update")
  if (!row) throw new AppError("not_found", NO_SUCH_APP)
  return row
}

/** The ids of all apps that the actor may see. */
export async function seenAppIds(ctx: Ctx): Promise<Set<string>> {
  const userId = userIdOf(ctx.actor)
  if (!userId) return new Set()
  const rows = await ctx.db
    .selectDistinct({ id: apps.id })
    .from(apps)
    .leftJoin(permissions, and(eq(permissions.appId, apps.id), eq(permissions.userId, userId)))
    .where(and(isNull(apps.deletedAt), or(eq(apps.ownerId, userId), eq(permissions.userId, userId))))
  return new Set(rows.map((row) => row.id))
}

async function seenApp(ctx: Ctx, name: string): Promise<(App & { role: Role }) | null> {
  const { actor } = ctx
  if (actor.kind === "anonymous") throw new AppError("unauthenticated", "Sign in first.")
  const [row] = await ctx.db
    .select({ app: apps, shared: permissions.role })
    .from(apps)
    .leftJoin(permissions, and(eq(permissions.appId, apps.id), eq(permissions.userId, userIdOf(actor) ?? NOBODY)))
    .where(and(eq(apps.name, name.toLowerCase()), isNull(apps.deletedAt)))
  if (!row) return null
  if (actor.kind === "system" || row.app.ownerId === userIdOf(actor)) return { ...row.app, role: "owner" }
  if (row.shared === "COLLABORATOR") return { ...row.app, role: "collaborator" }
  if (row.shared === "VIEWER") return { ...row.app, role: "viewer" }
  return null
}

/** Matches no user. */
const NOBODY = "00000000-0000-0000-0000-000000000000"
