import { asc, eq } from "drizzle-orm"
import { permissions, users } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"

export interface AppAccess {
  owner: string
  collaborators: string[]
  viewers: string[]
}

/** Who may do something with an app: e-mails. */
export async function accessOf(ctx: Ctx, appName: string): Promise<AppAccess> {
  const app = await appFor(ctx, appName, "access:see")
  const [owner] = await ctx.db.select({ email: users.email }).from(users).where(eq(users.id, app.ownerId))
  const rows = await ctx.db
    .select({ email: users.email, role: permissions.role })
    .from(permissions)
    .innerJoin(users, eq(users.id, permissions.userId))
    .where(eq(permissions.appId, app.id))
    .orderBy(asc(users.email))
  const having = (role: string) => rows.filter((row) => row.role === role).map((row) => row.email)
  return { owner: owner?.email ?? "", collaborators: having("COLLABORATOR"), viewers: having("VIEWER") }
}
