import { eq } from "drizzle-orm"
import { releases, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import type { Parts } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import type { Secret } from "@/server/kernel/secret"

/** What a run container of a release is told; by its APP_KEY it fetches the rest itself. */
export interface RunEnv {
  version: number
  stack: string
  env: Record<string, string | Secret>
}

/** @throws Error when the release has no slug, or the app's key cannot be decrypted. */
export async function runEnvOf({ db, secrets }: Parts, app: App, releaseId: string): Promise<RunEnv> {
  const [row] = await db
    .select({ version: releases.version, stack: slugs.stack, commit: slugs.commit })
    .from(releases)
    .innerJoin(slugs, eq(slugs.id, releases.slugId))
    .where(eq(releases.id, releaseId))
  invariant(row, "what is run has a slug")
  const appKey = secrets.open(app.appKey)
  invariant(appKey, "the app's key can be decrypted: PHIAL_SECRET_KEY must hold the key it was sealed with")
  const { version, stack, commit } = row
  return {
    version,
    stack,
    env: { APP_NAME: app.name, APP_KEY: appKey, PORT: "4000", PHIAL_RELEASE: String(version), SOURCE_VERSION: commit },
  }
}
