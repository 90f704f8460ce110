import { readConfig, setConfig, unsetConfig } from "@/server/config"
import { SetConfigInput, UnsetConfigInput } from "@/server/config/schema"
import { rest } from "@/server/next/rest"
import { configShape, type OfApp } from "../../shapes"

/** `gigalixir config`: what cannot be decrypted is `null`. */
export const GET = rest<OfApp>((ctx, { params }) => readConfig(ctx, { app: params.app }))

/** `gigalixir config:set`. The client says `avoid_restart: false` wherever nothing was said: only `true` is a wish. */
export const POST = rest<OfApp>(
  async (ctx, { params, body }) => {
    const input = SetConfigInput.parse({ app: params.app, values: body.configs, when: body.avoid_restart ? "next_deploy" : undefined })
    return configShape(await setConfig(ctx, input))
  },
  { ok: 201 },
)

/** `gigalixir config:unset`: one key, in the body. */
export const DELETE = rest<OfApp>(async (ctx, { params, body }) =>
  configShape(await unsetConfig(ctx, UnsetConfigInput.parse({ app: params.app, keys: [body.key] }))),
)
