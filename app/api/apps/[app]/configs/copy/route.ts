import { copyConfig } from "@/server/config"
import { CopyConfigInput } from "@/server/config/schema"
import { rest } from "@/server/next/rest"
import { configShape, type OfApp } from "../../../shapes"

/** `gigalixir config:copy`: into this app. */
export const POST = rest<OfApp>(async (ctx, { params, body }) =>
  configShape(await copyConfig(ctx, CopyConfigInput.parse({ app: params.app, from: body.from }))),
)
