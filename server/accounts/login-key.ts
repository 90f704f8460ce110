import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { boundLoginKeys, makeApiKey } from "./api-key"
import { basicCredentials } from "./basic"
import { checkSignIn } from "./check-password"
import { as, type User } from "./person"
import { SignInInput } from "./schema"

/** Enough for every machine that a person works on; the least recently used goes first. */
const MOST_LOGIN_KEYS = 10

/**
 * `gigalixir login`: a new API key for an e-mail and its password (docs/decisions/020: kept ones cannot be shown again).
 * @param header `Basic` of e-mail and password, either as they are or both percent-encoded.
 * @throws AppError `unauthenticated`, or `rate_limited`.
 */
export async function makeLoginKey(ctx: Ctx, header: string | null): Promise<{ key: string }> {
  const user = await userBehind(ctx, header)
  return ctx.tx(async (tx) => {
    const { key, row } = await makeApiKey(tx, ctx, { userId: user.id, name: keyName(ctx.userAgent), origin: "login", expiresAt: null })
    await boundLoginKeys(tx, ctx, user.id, MOST_LOGIN_KEYS)
    await audit(tx, as(ctx, user), "api_key.created", { data: { name: row.name, prefix: row.prefix } })
    return { key }
  })
}

/** The decoded pair is tried last; where it differs, the raw one is hardly ever an e-mail address. */
async function userBehind(ctx: Ctx, header: string | null): Promise<User> {
  const pairs = basicCredentials(header).map(({ name, secret }) => SignInInput.safeParse({ email: name, password: secret }))
  const inputs = pairs.flatMap(({ data }) => (data ? [data] : []))
  for (const [i, { email, password }] of inputs.entries()) {
    try {
      return await checkSignIn(ctx, email, password)
    } catch (refusal) {
      const isLast = i === inputs.length - 1
      if (isLast || !(refusal instanceof AppError) || refusal.code !== "unauthenticated") throw refusal
    }
  }
  throw new AppError("unauthenticated", "Give your e-mail and your password.")
}

/** By the program that asked, such as `login (GigalixirCLI/1.16.1)`. */
function keyName(userAgent: string | null): string {
  const program = userAgent?.split(" ")[0]?.slice(0, 40)
  return program ? `login (${program})` : "login"
}
