import { appInfo, changeSettings } from "@/server/apps"
import { ChangeSettingsInput } from "@/server/apps/schema"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../shapes"

/** Ours: how the app is checked and rolled. */
export const GET = rest<OfApp>(async (ctx, { params }) => (await appInfo(ctx, params.app)).settings)

/** Ours: what is not given stays. */
export const PUT = rest<OfApp>(async (ctx, { params, body }) =>
  changeSettings(ctx, ChangeSettingsInput.parse({ ...body, app: params.app })),
)
