import { rest } from "@/server/next/rest"
import { rolloutsOf } from "@/server/releases"
import { rolloutLineShape } from "../../rollout-shapes"
import type { OfApp } from "../../shapes"

/** Ours: newest first. */
export const GET = rest<OfApp>(async (ctx, { params }) => (await rolloutsOf(ctx, params.app, 50)).map(rolloutLineShape))
