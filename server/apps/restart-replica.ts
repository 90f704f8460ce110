import { and, eq, isNull } from "drizzle-orm"
import type { z } from "zod"
import { replicas } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { type Rollout, startRollout } from "@/server/releases"
import { RestartReplicaInput } from "./schema"

/**
 * Has another replica take the place of one, without a failed request: a rollout of its own, of the release that runs.
 * @throws AppError `not_found` when it is none of the app's, `conflict` when it is leaving already.
 */
export async function restartReplica(ctx: Ctx, raw: z.input<typeof RestartReplicaInput>): Promise<Rollout> {
  const { app: name, replica: id } = RestartReplicaInput.parse(raw)
  const found = await appFor(ctx, name, "app:restart")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const isRunning = and(eq(replicas.id, id), eq(replicas.appId, app.id), isNull(replicas.endedAt))
    const [replica] = await tx.select().from(replicas).where(isRunning)
    if (!replica) throw new AppError("not_found", `Pod ${id} not found.`)
    if (replica.drainingAt) throw new AppError("conflict", `${id} is leaving already: another has its place.`)
    const what = { kind: "restart", releaseId: replica.releaseId, keepsGeneration: true, replaces: id } as const
    const rollout = await startRollout(tx, ctx, app, what)
    if (!rollout) throw new AppError("conflict", "Nothing is deployed yet: push first.")
    await audit(tx, ctx, "replica.restarted", { app, data: { replica: id } })
    return rollout
  })
}
