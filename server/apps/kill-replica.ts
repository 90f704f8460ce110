import { and, eq, isNull } from "drizzle-orm"
import type { z } from "zod"
import { replicas } from "@/db/schema"
import { appFor } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { KillReplicaInput } from "./schema"

/** Wishes that one replica ends at once; another takes its place. Repeatable. @throws AppError `not_found` when it is none of the app's. */
export async function killReplica(ctx: Ctx, raw: z.input<typeof KillReplicaInput>): Promise<void> {
  const { app: name, replica } = KillReplicaInput.parse(raw)
  const app = await appFor(ctx, name, "replica:kill")
  await ctx.tx(async (tx) => {
    const [killed] = await tx
      .update(replicas)
      .set({ killRequestedAt: ctx.clock.now() })
      .where(and(eq(replicas.id, replica), eq(replicas.appId, app.id), isNull(replicas.endedAt)))
      .returning({ id: replicas.id })
    if (!killed) throw new AppError("not_found", `Pod ${replica} not found.`)
    await audit(tx, ctx, "replica.killed", { app, data: { replica } })
    await wake(tx, "app", app.id)
  })
}
