import { type ApiKeyView, apiKeysOf, createApiKey, revokeApiKey } from "@/server/accounts"
import { rest } from "@/server/next/rest"

const shown = ({ id, name, prefix, createdAt, lastUsedAt, expiresAt }: ApiKeyView) => ({
  ...{ id, name, prefix },
  ...{ created_at: createdAt, last_used_at: lastUsedAt, expires_at: expiresAt },
})

export const GET = rest(async (ctx) => (await apiKeysOf(ctx)).map(shown))

/** The answer holds the key, this once. */
export const POST = rest(
  async (ctx, { body }) => {
    const { key, ...view } = await createApiKey(ctx, { name: body.name, expiresInDays: body.expires_in_days })
    return { ...shown(view), key }
  },
  { ok: 201 },
)

export const DELETE = rest((ctx, { body }) => revokeApiKey(ctx, body))
