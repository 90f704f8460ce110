import { restartApp } from "@/server/apps"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../shapes"

/** `gigalixir ps:restart` */
export const PUT = rest<OfApp>(async (ctx, { params }) => {
  await restartApp(ctx, { app: params.app })
  return {}
})
