import { appInfo, replicasOf } from "@/server/apps"
import { rest } from "@/server/next/rest"
import { openOneOffsOf } from "@/server/one-offs"
import { currentRollouts } from "@/server/releases"
import { rolloutShape } from "../../rollout-shapes"
import { type OfApp, statusShape } from "../../shapes"

/** `gigalixir ps`, and ours besides: what rolls or rolled last, and what waits behind it. */
export const GET = rest<OfApp>(async (ctx, { params }) => {
  const app = await appInfo(ctx, params.app)
  const { rollout, next } = await currentRollouts(ctx, params.app)
  return {
    ...statusShape(app, await replicasOf(ctx, params.app), await openOneOffsOf(ctx, params.app)),
    rollout: rollout && rolloutShape(rollout),
    next_rollout: next && rolloutShape(next),
  }
})
