import { and, eq, isNull } from "drizzle-orm"
import { replicas, rollouts } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import { heldConfig } from "@/server/config"
import type { Ctx } from "@/server/kernel/context"

export interface ScaleView {
  name: string
  role: Role
  /** The wish. */
  replicas: number
  size: number
  /** How many are healthy and take requests. */
  running: number
  /** Whether anything was pushed: before, a wish is only remembered. */
  isDeployed: boolean
  /** How long an old replica may finish what it has. */
  drainSeconds: number
  /** The release whose config is held until replicas are replaced; `null` where none is. */
  heldVersion: number | null
  /** The kind of the rollout that is under way; `null` when none is. */
  underWay: string | null
}

/** What the page that scales an app shows. @throws AppError `not_found`. */
export async function scaleView(ctx: Ctx, name: string): Promise<ScaleView> {
  const app = await appFor(ctx, name, "app:see")
  const [seen, open, any, held] = await Promise.all([
    ctx.db
      .select({ state: replicas.state, traffic: replicas.traffic })
      .from(replicas)
      .where(and(eq(replicas.appId, app.id), isNull(replicas.endedAt))),
    ctx.db
      .select({ kind: rollouts.kind })
      .from(rollouts)
      .where(and(eq(rollouts.appId, app.id), isNull(rollouts.endedAt)))
      .limit(1),
    ctx.db.select({ id: rollouts.id }).from(rollouts).where(eq(rollouts.appId, app.id)).limit(1),
    heldConfig(ctx.db, app.id),
  ])
  return {
    name: app.name,
    role: app.role,
    replicas: app.replicas,
    size: app.size,
    running: seen.filter(({ state, traffic }) => state === "healthy" && traffic === "active").length,
    isDeployed: any.length > 0,
    drainSeconds: app.settings.rollout.drainSeconds,
    heldVersion: held?.why === "held" ? held.version : null,
    underWay: open[0]?.kind ?? null,
  }
}
