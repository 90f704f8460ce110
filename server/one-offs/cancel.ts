import { eq } from "drizzle-orm"
import type { z } from "zod"
import { oneOffs } from "@/db/schema"
import { appFor } from "@/server/access"
import { audit } from "@/server/audit"
import type { Actor, Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { findOneOff } from "./queries"
import { requestCancel } from "./request-cancel"
import { CancelOneOffInput } from "./schema"
import { isEnded } from "./state"

/**
 * Wishes that a one-off ends. Repeatable.
 * @throws AppError `conflict` when it has ended, or is a rollout's, which is cancelled with its rollout; `not_found`.
 */
export async function cancelOneOff(ctx: Ctx, raw: z.input<typeof CancelOneOffInput>): Promise<void> {
  const { app: name, oneOff: id } = CancelOneOffInput.parse(raw)
  const app = await appFor(ctx, name, "one_off:cancel")
  await ctx.tx(async (tx) => {
    await findOneOff(tx, app, id)
    // Once more, and held: the controller may end it right now.
    const [oneOff] = await tx.select().from(oneOffs).where(eq(oneOffs.id, id)).for("update")
    if (!oneOff || isEnded(oneOff.state)) throw new AppError("conflict", "This one-off has already ended.")
    if (oneOff.rolloutId) throw new AppError("conflict", "This is the release command of a rollout: cancel the rollout, and it ends too.")
    if (await requestCancel(tx, id, `Cancelled${by(ctx.actor)}.`)) await audit(tx, ctx, "one_off.cancelled", { app, data: { oneOff: id } })
  })
}

function by(actor: Actor): string {
  return actor.kind === "person" || actor.kind === "api_key" ? ` by ${actor.email}` : ""
}
