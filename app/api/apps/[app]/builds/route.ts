import { buildsOf } from "@/server/builds"
import { rest } from "@/server/next/rest"
import { buildShape, type OfApp } from "../../shapes"

/** Ours: newest first. */
export const GET = rest<OfApp>(async (ctx, { params }) => (await buildsOf(ctx, params.app)).map(buildShape))
