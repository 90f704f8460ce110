import { rest } from "@/server/next/rest"
import { cancelRollout, rolloutOf } from "@/server/releases"
import { rolloutShape } from "../../../../rollout-shapes"
import type { OfApp } from "../../../../shapes"

/** Ours: one that waits has ended with the answer, one that runs goes back soon after. */
export const POST = rest<OfApp & { rollout: string }>(
  async (ctx, { params }) => {
    const { id } = await cancelRollout(ctx, { app: params.app, rollout: params.rollout })
    return rolloutShape(await rolloutOf(ctx, params.app, id))
  },
  { ok: 202 },
)
