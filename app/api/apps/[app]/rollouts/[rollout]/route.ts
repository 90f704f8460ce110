import { rest } from "@/server/next/rest"
import { rolloutOf } from "@/server/releases"
import { rolloutShape } from "../../../rollout-shapes"
import type { OfApp } from "../../../shapes"

/** Ours: `rollout` is an id, or `current` for the one under way, else the last. */
export const GET = rest<OfApp & { rollout: string }>(async (ctx, { params }) =>
  rolloutShape(await rolloutOf(ctx, params.app, params.rollout)),
)
