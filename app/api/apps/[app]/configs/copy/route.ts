import { copyConfig } from "@/server/config"
import { CopyConfigInput } from "@/server/config/schema"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../../shapes"

/** `gigalixir config:copy`: into this app. */
export const POST = rest<OfApp>((ctx, { params, body }) => copyConfig(ctx, CopyConfigInput.parse({ app: params.app, from: body.from })))
