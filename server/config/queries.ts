import { asc, desc, eq, inArray } from "drizzle-orm"
import { configEntries, configVersions, releases, users } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import { currentRelease } from "@/server/releases"
import { type ConfigDiff, diffOf, type Entry } from "./entries"

export interface ConfigKey {
  key: string
  /** An e-mail; `null` for the platform, or somebody whose account is gone. */
  setBy: string | null
  setAt: Date
  /** Encrypted with a key that the platform no longer has: it must be set again. */
  isUndecryptable: boolean
}

/** The keys of an app's current config, masked. */
export async function configKeys(ctx: Ctx, appName: string): Promise<ConfigKey[]> {
  const app = await appFor(ctx, appName, "config:see_keys")
  const release = await currentRelease(ctx.db, app.id)
  invariant(release, "an app has a release from its creation on")
  const rows = await ctx.db
    .select({ key: configEntries.key, sealed: configEntries.sealed, setAt: configEntries.setAt, setBy: users.email })
    .from(configEntries)
    .leftJoin(users, eq(users.id, configEntries.setBy))
    .where(eq(configEntries.configVersionId, release.configVersionId))
    .orderBy(asc(configEntries.key))
  return rows.map(({ sealed, ...row }) => ({ ...row, isUndecryptable: ctx.secrets.open(sealed) === null }))
}

export interface ConfigVersion extends ConfigDiff {
  number: number
  createdAt: Date
  /** The release that brought it. */
  release: number
  summary: string
  by: string | null
}

/** An app's configs, newest first, each with what it changed against the one before. */
export async function configHistory(ctx: Ctx, appName: string, limit = 50): Promise<ConfigVersion[]> {
  const app = await appFor(ctx, appName, "config:see_keys")
  // One more than asked: what the last one changed is told by the one before it.
  const versions = await ctx.db
    .select()
    .from(configVersions)
    .where(eq(configVersions.appId, app.id))
    .orderBy(desc(configVersions.number))
    .limit(limit + 1)
  const ids = versions.map((version) => version.id)
  const [entries, origins] = [await entriesByVersion(ctx, ids), await originsOf(ctx, ids)]
  return versions.slice(0, limit).flatMap((version, index) => {
    const origin = origins.get(version.id)
    const before = entries.get(versions[index + 1]?.id ?? "") ?? new Map()
    const diff = diffOf(before, entries.get(version.id) ?? new Map())
    return origin ? [{ number: version.number, createdAt: version.createdAt, ...origin, ...diff }] : []
  })
}

async function entriesByVersion(ctx: Ctx, ids: string[]): Promise<Map<string, Map<string, Entry>>> {
  const grouped = new Map<string, Map<string, Entry>>()
  for (const row of await ctx.db.select().from(configEntries).where(inArray(configEntries.configVersionId, ids))) {
    const entries = grouped.get(row.configVersionId) ?? new Map<string, Entry>()
    grouped.set(row.configVersionId, entries.set(row.key, row))
  }
  return grouped
}

/** The first release of each: later ones carry it on. */
async function originsOf(ctx: Ctx, ids: string[]): Promise<Map<string, { release: number; summary: string; by: string | null }>> {
  const rows = await ctx.db
    .select({ id: releases.configVersionId, release: releases.version, summary: releases.summary, by: users.email })
    .from(releases)
    .leftJoin(users, eq(users.id, releases.userId))
    .where(inArray(releases.configVersionId, ids))
    .orderBy(desc(releases.version))
  return new Map(rows.map(({ id, ...origin }) => [id, origin]))
}
