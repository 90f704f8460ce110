import { rest } from "@/server/next/rest"
import { oneOffOf } from "@/server/one-offs"
import { type OfApp, oneOffShape } from "../../../shapes"

/** Ours: one by its name. */
export const GET = rest<OfApp & { oneOff: string }>(async (ctx, { params }) => oneOffShape(await oneOffOf(ctx, params.app, params.oneOff)))
