import { appInfo, deleteApp } from "@/server/apps"
import { rest } from "@/server/next/rest"
import { appShape, type OfApp } from "../shapes"

/** `gigalixir apps:info` */
export const GET = rest<OfApp>(async (ctx, { params }) => appShape(await appInfo(ctx, params.app)))

/** `gigalixir apps:destroy`: the client has asked for confirmation. */
export const DELETE = rest<OfApp>(async (ctx, { params }) => {
  const name = params.app.toLowerCase()
  return { unique_name: (await deleteApp(ctx, { app: name, confirm: name })).name }
})
