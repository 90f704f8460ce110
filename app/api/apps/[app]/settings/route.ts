import { appInfo, changeSettings } from "@/server/apps"
import { ChangeSettingsInput } from "@/server/apps/schema"
import { rest } from "@/server/next/rest"
import { inCamelCase, inSnakeCase, type OfApp } from "../../shapes"

/** Ours: how the app is checked and rolled. */
export const GET = rest<OfApp>(async (ctx, { params }) => inSnakeCase((await appInfo(ctx, params.app)).settings))

/** Ours: what is not given stays. */
export const PUT = rest<OfApp>(async (ctx, { params, body }) => {
  const { check, rollout, release_command } = body
  const parts = inCamelCase({ check, rollout, release_command }) as object
  const input = ChangeSettingsInput.parse({ app: params.app, ...parts })
  return inSnakeCase(await changeSettings(ctx, input))
})
