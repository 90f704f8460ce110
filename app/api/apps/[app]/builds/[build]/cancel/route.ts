import { buildOf, cancelBuild } from "@/server/builds"
import { rest } from "@/server/next/rest"
import { buildShape, type OfApp } from "../../../../shapes"

/** Ours: it ends soon after. */
export const POST = rest<OfApp & { build: string }>(
  async (ctx, { params }) => {
    await cancelBuild(ctx, { app: params.app, build: params.build })
    return buildShape(await buildOf(ctx, params.app, params.build))
  },
  { ok: 202 },
)
