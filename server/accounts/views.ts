import type { Ctx } from "@/server/kernel/context"
import { apiKeysOf, me, sessionsOf, sshKeysOf } from "./queries"

/** What `/account` shows. Times are ISO 8601. */
export interface AccountView {
  email: string
  isOperator: boolean
  since: string
  sessions: { id: string; ip: string | null; userAgent: string | null; since: string; lastSeen: string; isCurrent: boolean }[]
  apiKeys: { id: string; name: string; prefix: string; since: string; lastUsed: string | null; expires: string | null }[]
  sshKeys: { id: number; fingerprint: string; comment: string; kind: string; since: string }[]
}

/** @throws AppError `unauthenticated` for who has no account. */
export async function accountView(ctx: Ctx): Promise<AccountView> {
  const [account, sessions, apiKeys, sshKeys] = await Promise.all([me(ctx), sessionsOf(ctx), apiKeysOf(ctx), sshKeysOf(ctx)])
  return {
    email: account.email,
    isOperator: account.isOperator,
    since: account.createdAt.toISOString(),
    sessions: sessions.map(({ id, ip, userAgent, isCurrent, createdAt, lastSeenAt }) => ({
      ...{ id, ip, userAgent, isCurrent },
      since: createdAt.toISOString(),
      lastSeen: lastSeenAt.toISOString(),
    })),
    apiKeys: apiKeys.map(({ id, name, prefix, createdAt, lastUsedAt, expiresAt }) => ({
      ...{ id, name, prefix },
      since: createdAt.toISOString(),
      lastUsed: lastUsedAt?.toISOString() ?? null,
      expires: expiresAt?.toISOString() ?? null,
    })),
    sshKeys: sshKeys.map(({ id, fingerprint, comment, key, createdAt }) => ({
      ...{ id, fingerprint, comment },
      kind: key.split(" ", 1)[0] ?? "",
      since: createdAt.toISOString(),
    })),
  }
}
