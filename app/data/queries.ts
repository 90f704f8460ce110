import "server-only"
import { z } from "zod"
import type { ViewName, Views } from "@/components/live/views"
import { accountView } from "@/server/accounts/views"
import { overviewView } from "@/server/apps/overview-view"
import { scaleView } from "@/server/apps/scale-view"
import { settingsView } from "@/server/apps/settings-view"
import { appsView, firstPushView, nameView, switcherView } from "@/server/apps/views"
import { buildLinesView, buildView } from "@/server/builds/views"
import { configView } from "@/server/config/views"
import type { Ctx } from "@/server/kernel/context"
import { logsView, outputView } from "@/server/logs/views"
import { serverParts } from "@/server/next/parts"
import { oneOffsView, oneOffView } from "@/server/one-offs/views"
import { comparisonView } from "@/server/releases/comparison-view"
import { releaseView, timelineView } from "@/server/releases/views"

interface Query<View extends { params: object; data: unknown }> {
  params: z.ZodType<View["params"]>
  view: (ctx: Ctx, params: View["params"]) => Promise<View["data"]>
}

const Nothing = z.object({})
const OfApp = z.object({ app: z.string().max(40) })
const Version = z.number().int().min(1)
const Build = z.string().max(40)
const LineId = z.number().int().min(0)
const env = () => serverParts().env

/** Who answers each view. Every function finds only what the asker may see. */
export const queries: { [K in ViewName]: Query<Views[K]> } = {
  account: { params: Nothing, view: accountView },
  apps: { params: Nothing, view: (ctx) => appsView(ctx, env()) },
  switcher: { params: Nothing, view: switcherView },
  name: { params: z.object({ name: z.string().max(100) }), view: (ctx, { name }) => nameView(ctx, name) },
  firstPush: { params: OfApp, view: (ctx, { app }) => firstPushView(ctx, app, env()) },
  overview: { params: OfApp, view: (ctx, { app }) => overviewView(ctx, app, env()) },
  scale: { params: OfApp, view: (ctx, { app }) => scaleView(ctx, app) },
  settings: { params: OfApp, view: (ctx, { app }) => settingsView(ctx, app, env()) },
  config: { params: OfApp, view: (ctx, { app }) => configView(ctx, app) },
  timeline: {
    params: OfApp.extend({ limit: z.number().int().min(1).max(1000) }),
    view: (ctx, { app, limit }) => timelineView(ctx, app, limit),
  },
  release: {
    params: OfApp.extend({ version: Version, against: Version.nullable() }),
    view: (ctx, { app, version, against }) => releaseView(ctx, app, version, against),
  },
  comparison: {
    params: OfApp.extend({ from: Version.nullable(), to: Version.nullable() }),
    view: (ctx, { app, from, to }) => comparisonView(ctx, app, from, to),
  },
  build: { params: OfApp.extend({ build: Build }), view: (ctx, { app, build }) => buildView(ctx, app, build) },
  buildLines: {
    params: OfApp.extend({ build: Build, after: LineId }),
    view: (ctx, { app, build, after }) => buildLinesView(ctx, app, build, after),
  },
  output: {
    params: OfApp.extend({ printer: z.string().max(60), after: LineId }),
    view: (ctx, { app, printer, after }) => outputView(ctx, app, printer, after),
  },
  oneOffs: { params: OfApp, view: (ctx, { app }) => oneOffsView(ctx, app) },
  oneOff: {
    params: OfApp.extend({ oneOff: z.string().max(60) }),
    view: (ctx, { app, oneOff }) => oneOffView(ctx, app, oneOff),
  },
  logs: { params: OfApp.extend({ after: LineId.nullable() }), view: (ctx, { app, after }) => logsView(ctx, app, after) },
}
