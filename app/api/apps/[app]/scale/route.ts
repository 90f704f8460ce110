import { scaleApp } from "@/server/apps"
import { ScaleAppInput } from "@/server/apps/schema"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../shapes"

/** `gigalixir ps:scale` */
export const PUT = rest<OfApp>(async (ctx, { params, body: { replicas, size } }) =>
  scaleApp(ctx, ScaleAppInput.parse({ app: params.app, replicas: replicas ?? undefined, size: size ?? undefined })),
)
