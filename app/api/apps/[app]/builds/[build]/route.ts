import { buildOf } from "@/server/builds"
import { rest } from "@/server/next/rest"
import { buildShape, type OfApp } from "../../../shapes"

/** Ours: `build` is an id, or a number within the app. */
export const GET = rest<OfApp & { build: string }>(async (ctx, { params }) => buildShape(await buildOf(ctx, params.app, params.build)))
