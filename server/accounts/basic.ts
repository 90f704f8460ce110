import { and, eq, gt, isNull, lt, or } from "drizzle-orm"
import { apiKeys, apps, users } from "@/db/schema"
import type { Actor, Parts, Via } from "@/server/kernel/context"
import { hashToken } from "@/server/kernel/secret"

export interface Credentials {
  name: string
  secret: string
}

/** How often the last use of a key is written down. */
const LAST_USE_EVERY_MS = 60_000

/**
 * Reads an `Authorization: Basic …` header.
 * @returns the pair as given, then percent-decoded where that differs (gigalixir.md A.0: clients send either); empty when it is none.
 */
export function basicCredentials(header: string | null | undefined): Credentials[] {
  const encoded = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(header ?? "")?.[1]
  if (!encoded) return []
  const text = Buffer.from(encoded, "base64").toString()
  const colon = text.indexOf(":")
  if (colon < 0) return []
  const raw = { name: text.slice(0, colon), secret: text.slice(colon + 1) }
  const decoded = percentDecoded(raw)
  return decoded ? [raw, decoded] : [raw]
}

/**
 * Who a Basic header stands for: a person's e-mail with one of their API keys, or an app's name with its `APP_KEY`.
 * For REST and git alike; plain Node.
 * @returns `null` when there is no header or it is wrong.
 */
export async function authenticateBasic(parts: Parts, header: string | null | undefined, via: Via = "api"): Promise<Actor | null> {
  for (const pair of basicCredentials(header)) {
    const actor = pair.name.includes("@") ? await keyHolder(parts, pair, via) : await runContainer(parts, pair, via)
    if (actor) return actor
  }
  return null
}

async function keyHolder(parts: Parts, { name, secret }: Credentials, via: Via): Promise<Actor | null> {
  const now = parts.clock.now()
  const [found] = await parts.db
    .select({ keyId: apiKeys.id, userId: users.id, email: users.email, lastUsedAt: apiKeys.lastUsedAt })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(
      and(
        eq(apiKeys.keyHash, hashToken(secret)),
        eq(users.email, name.trim().toLowerCase()),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    )
  if (!found) return null
  await noteUse(parts, found.keyId, now)
  return { kind: "api_key", userId: found.userId, email: found.email, keyId: found.keyId, via }
}

async function noteUse(parts: Parts, keyId: string, now: Date): Promise<void> {
  const stale = new Date(now.getTime() - LAST_USE_EVERY_MS)
  await parts.db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, keyId), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, stale))))
}

async function runContainer(parts: Parts, { name, secret }: Credentials, via: Via): Promise<Actor | null> {
  const [app] = await parts.db
    .select({ id: apps.id, name: apps.name })
    .from(apps)
    .where(and(eq(apps.name, name), eq(apps.appKeyHash, hashToken(secret)), isNull(apps.deletedAt)))
  return app ? { kind: "run_container", appId: app.id, appName: app.name, via } : null
}

function percentDecoded(raw: Credentials): Credentials | null {
  const decoded = { name: percentDecode(raw.name), secret: percentDecode(raw.secret) }
  return decoded.name === raw.name && decoded.secret === raw.secret ? null : decoded
}

/** Text that is no percent-encoding stays as it is: a password may hold a lone `%`. */
function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
