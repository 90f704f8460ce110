import { appInfo, replicasOf } from "@/server/apps"
import { rest } from "@/server/next/rest"
import { openOneOffsOf } from "@/server/one-offs"
import { type OfApp, statusShape } from "../../shapes"

/** `gigalixir ps` */
export const GET = rest<OfApp>(async (ctx, { params }) =>
  statusShape(await appInfo(ctx, params.app), await replicasOf(ctx, params.app), await openOneOffsOf(ctx, params.app)),
)
