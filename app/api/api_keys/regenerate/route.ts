import { regenerateApiKey } from "@/server/accounts"
import { rest } from "@/server/next/rest"

/** `gigalixir account:api_key:reset`: the password comes in the query */
export const POST = rest(
  async (ctx, { query }) => {
    const { key, expiresAt } = await regenerateApiKey(ctx, { currentPassword: query.get("current_password") ?? undefined })
    return { key, expires_at: expiresAt }
  },
  { ok: 201 },
)
