import { and, asc, desc, eq, gt, isNull, or } from "drizzle-orm"
import { apiKeys, sessions, sshKeys, users } from "@/db/schema"
import type { Ctx, Parts } from "@/server/kernel/context"
import type { ApiKey } from "./api-key"
import { askersAccount, askersId } from "./person"

export interface Me {
  id: string
  email: string
  tier: "FREE" | "STANDARD"
  isOperator: boolean
  createdAt: Date
}

/** The account of whoever asks. */
export async function me(ctx: Ctx): Promise<Me> {
  const { id, email, tier, isOperator, createdAt } = await askersAccount(ctx)
  return { id, email, tier, isOperator, createdAt }
}

/**
 * `gigalixir account`. The key is masked: it is kept hashed and was shown once (docs/decisions/020).
 * With an API key it is that key's beginning, with a session the newest one's.
 */
export async function apiUser(ctx: Ctx) {
  const { email, tier } = await askersAccount(ctx)
  const keys = await apiKeysOf(ctx)
  const asking = ctx.actor.kind === "api_key" ? ctx.actor.keyId : null
  const key = keys.find(({ id }) => id === asking) ?? keys[0]
  return { api_key: key ? `${key.prefix}…` : null, credit_cents: 0, email, tier }
}

/** Whether somebody has an account: until then only the set-up link makes one. */
export async function isSetUp({ db }: Pick<Parts, "db">): Promise<boolean> {
  const [anybody] = await db.select({ id: users.id }).from(users).limit(1)
  return anybody !== undefined
}

export interface SessionView {
  id: string
  ip: string | null
  userAgent: string | null
  createdAt: Date
  lastSeenAt: Date
  /** The one that asks. */
  isCurrent: boolean
}

/** Where one is signed in, the last used first. */
export async function sessionsOf(ctx: Ctx): Promise<SessionView[]> {
  const current = ctx.actor.kind === "person" ? ctx.actor.sessionId : null
  const rows = await ctx.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, askersId(ctx)), isNull(sessions.revokedAt), gt(sessions.expiresAt, ctx.clock.now())))
    .orderBy(desc(sessions.lastSeenAt))
  return rows.map(({ id, ip, userAgent, createdAt, lastSeenAt }) => ({
    ...{ id, ip, userAgent, createdAt, lastSeenAt },
    isCurrent: id === current,
  }))
}

export interface ApiKeyView {
  id: string
  name: string
  /** The key's first characters; the rest is kept nowhere. */
  prefix: string
  origin: ApiKey["origin"]
  createdAt: Date
  lastUsedAt: Date | null
  expiresAt: Date | null
}

export function apiKeyView({ id, name, prefix, origin, createdAt, lastUsedAt, expiresAt }: ApiKey): ApiKeyView {
  return { id, name, prefix, origin, createdAt, lastUsedAt, expiresAt }
}

/** One's keys that work, the newest first. */
export async function apiKeysOf(ctx: Ctx): Promise<ApiKeyView[]> {
  const isAlive = or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, ctx.clock.now()))
  const rows = await ctx.db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, askersId(ctx)), isNull(apiKeys.revokedAt), isAlive))
    .orderBy(desc(apiKeys.createdAt), asc(apiKeys.id))
  return rows.map(apiKeyView)
}

export interface SshKeyView {
  id: number
  key: string
  fingerprint: string
  comment: string
  createdAt: Date
}

export async function sshKeysOf(ctx: Ctx): Promise<SshKeyView[]> {
  const { id, key, fingerprint, comment, createdAt } = sshKeys
  return ctx.db
    .select({ id, key, fingerprint, comment, createdAt })
    .from(sshKeys)
    .where(eq(sshKeys.userId, askersId(ctx)))
    .orderBy(asc(sshKeys.id))
}
