import { activityOf } from "@/server/apps"
import { rest } from "@/server/next/rest"
import { activityShape, type OfApp } from "../../shapes"

/** `gigalixir apps:activity`: newest first. */
export const GET = rest<OfApp>(async (ctx, { params }) => (await activityOf(ctx, params.app)).map(activityShape))
