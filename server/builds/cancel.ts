import { eq } from "drizzle-orm"
import type { z } from "zod"
import { builds } from "@/db/schema"
import { appFor } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { findBuild } from "./queries"
import { CancelBuildInput } from "./schema"
import { isEnded } from "./state"

/** Wishes that a build ends; the controller ends exactly its container. Repeatable. @throws AppError `conflict` when it has ended. */
export async function cancelBuild(ctx: Ctx, raw: z.input<typeof CancelBuildInput>): Promise<void> {
  const { app: name, build: which } = CancelBuildInput.parse(raw)
  const app = await appFor(ctx, name, "build:cancel")
  await ctx.tx(async (tx) => {
    const { id } = await findBuild(tx, app, which)
    // Once more, and held: the controller may end it right now.
    const [build] = await tx.select().from(builds).where(eq(builds.id, id)).for("update")
    if (!build || isEnded(build.state)) throw new AppError("conflict", "This build has already ended.")
    if (build.cancelRequestedAt) return
    await tx.update(builds).set({ cancelRequestedAt: ctx.clock.now() }).where(eq(builds.id, id))
    await audit(tx, ctx, "build.cancelled", { app, data: { build: build.number } })
    await wake(tx, "build", id)
  })
}
