import { accessOf, appInfo } from "@/server/apps"
import { rest } from "@/server/next/rest"
import { notYet, type OfApp } from "../../shapes"

/** `gigalixir access` */
export const GET = rest<OfApp>((ctx, { params }) => accessOf(ctx, params.app))

const sharing = rest<OfApp>(async (ctx, { params }) => {
  await appInfo(ctx, params.app)
  return notYet("the sharing of apps")
})

export { sharing as DELETE, sharing as POST }
