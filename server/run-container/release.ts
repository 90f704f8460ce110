import { and, desc, eq } from "drizzle-orm"
import { releases, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import { openConfig } from "@/server/config"
import type { SlugStore } from "@/server/drivers/slug-store/port"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import type { Secret } from "@/server/kernel/secret"
import { ownApp } from "./app"

/** For how long a replica may take to fetch its slug. */
const SLUG_URL_SECONDS = 3600

/** All that a run container needs to become a release: what it fetches, the platform's variables, the app's config. */
export interface RunRelease {
  app: App
  release: typeof releases.$inferSelect
  slug: typeof slugs.$inferSelect
  slugUrl: string
  secretKeyBase: Secret
  erlangCookie: Secret
  config: Record<string, Secret>
}

/**
 * @param version of the release; the newest when not given.
 * @throws AppError `not_found` when there is none with a slug.
 */
export async function runRelease(ctx: Ctx, store: SlugStore, appName: string, version: number | null): Promise<RunRelease> {
  const app = await ownApp(ctx, appName)
  const [found] = await ctx.db
    .select({ release: releases, slug: slugs })
    .from(releases)
    .innerJoin(slugs, eq(slugs.id, releases.slugId))
    .where(and(eq(releases.appId, app.id), version === null ? undefined : eq(releases.version, version)))
    .orderBy(desc(releases.version))
    .limit(1)
  if (!found) throw new AppError("not_found", "This app has no such release to run.")
  const { values, undecryptable } = await openConfig(ctx, found.release.configVersionId)
  if (undecryptable.length > 0) ctx.log.warn("config cannot be decrypted: left out", { app: app.name, keys: undecryptable })
  return {
    app,
    ...found,
    slugUrl: await store.signedUrl(found.slug.sha256, SLUG_URL_SECONDS),
    secretKeyBase: opened(ctx, app.secretKeyBase),
    erlangCookie: opened(ctx, app.erlangCookie),
    config: values,
  }
}

/** An app without its own secrets must not start with others: its sessions and its cluster would break silently. */
function opened(ctx: Ctx, sealed: string): Secret {
  const secret = ctx.secrets.open(sealed)
  if (!secret)
    throw new AppError("unavailable", "The app's secrets cannot be decrypted: PHIAL_SECRET_KEY must hold the key they were sealed with.")
  return secret
}
