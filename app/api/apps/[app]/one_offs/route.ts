import { rest } from "@/server/next/rest"
import { oneOffsOf } from "@/server/one-offs"
import { type OfApp, oneOffShape } from "../../shapes"

/** Ours: newest first. */
export const GET = rest<OfApp>(async (ctx, { params }) => (await oneOffsOf(ctx, params.app)).map(oneOffShape))
