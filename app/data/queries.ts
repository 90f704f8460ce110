import "server-only"
import { z } from "zod"
import type { ViewName, Views } from "@/components/live/views"
import { accountView } from "@/server/accounts/views"
import { appsView, firstPushView, nameView, switcherView } from "@/server/apps/views"
import type { Ctx } from "@/server/kernel/context"
import { serverParts } from "@/server/next/parts"

interface Query<View extends { params: object; data: unknown }> {
  params: z.ZodType<View["params"]>
  view: (ctx: Ctx, params: View["params"]) => Promise<View["data"]>
}

const Nothing = z.object({})
const OfApp = z.object({ app: z.string().max(40) })
const env = () => serverParts().env

/** Who answers each view. Every function finds only what the asker may see. */
export const queries: { [K in ViewName]: Query<Views[K]> } = {
  account: { params: Nothing, view: accountView },
  apps: { params: Nothing, view: (ctx) => appsView(ctx, env()) },
  switcher: { params: Nothing, view: switcherView },
  name: { params: z.object({ name: z.string().max(100) }), view: (ctx, { name }) => nameView(ctx, name) },
  firstPush: { params: OfApp, view: (ctx, { app }) => firstPushView(ctx, app, env()) },
}
