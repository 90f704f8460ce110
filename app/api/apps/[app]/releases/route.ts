import { rest } from "@/server/next/rest"
import { releasesOf } from "@/server/releases"
import { type OfApp, releaseShape } from "../../shapes"

/** `gigalixir releases`: newest first. */
export const GET = rest<OfApp>(async (ctx, { params }) => (await releasesOf(ctx, params.app)).map(releaseShape))
