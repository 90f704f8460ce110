import { and, count, eq, isNull } from "drizzle-orm"
import { type AppSettings, builds, permissions, releases, replicas } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import type { Ctx } from "@/server/kernel/context"
import type { Env } from "@/server/kernel/env"
import { type Addresses, addressesOf } from "./addresses"

export interface SettingsView {
  name: string
  role: Role
  settings: AppSettings
  stack: string
  isInMaintenance: boolean
  createdAt: string
  addresses: Addresses
  /** What goes with it when it is deleted. */
  has: { replicas: number; releases: number; builds: number; people: number }
}

/** @throws AppError `not_found`. */
export async function settingsView(
  ctx: Ctx,
  name: string,
  env: Pick<Env, "url" | "appsPort" | "appsDomain" | "sshPorts">,
): Promise<SettingsView> {
  const app = await appFor(ctx, name, "app:see")
  const { settings, stack, isInMaintenance, role } = app
  const of = { settings, stack, isInMaintenance, role, name: app.name, createdAt: app.createdAt.toISOString() }
  return { ...of, addresses: addressesOf(env, app), has: await countsOf(ctx, app.id) }
}

async function countsOf(ctx: Ctx, appId: string): Promise<SettingsView["has"]> {
  const rows = await Promise.all([
    ctx.db
      .select({ n: count() })
      .from(replicas)
      .where(and(eq(replicas.appId, appId), isNull(replicas.endedAt))),
    ctx.db.select({ n: count() }).from(releases).where(eq(releases.appId, appId)),
    ctx.db.select({ n: count() }).from(builds).where(eq(builds.appId, appId)),
    ctx.db.select({ n: count() }).from(permissions).where(eq(permissions.appId, appId)),
  ])
  const [running = 0, made = 0, built = 0, people = 0] = rows.map(([row]) => row?.n ?? 0)
  return { replicas: running, releases: made, builds: built, people }
}
