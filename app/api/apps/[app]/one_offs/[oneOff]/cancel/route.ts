import { rest } from "@/server/next/rest"
import { cancelOneOff, oneOffOf } from "@/server/one-offs"
import { type OfApp, oneOffShape } from "../../../../shapes"

/** Ours: it ends soon after. */
export const POST = rest<OfApp & { oneOff: string }>(
  async (ctx, { params }) => {
    await cancelOneOff(ctx, { app: params.app, oneOff: params.oneOff })
    return oneOffShape(await oneOffOf(ctx, params.app, params.oneOff))
  },
  { ok: 202 },
)
