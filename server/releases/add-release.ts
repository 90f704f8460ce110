import { desc, eq } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { apps, releases } from "@/db/schema"
import type { App } from "@/server/access"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"

export type Release = typeof releases.$inferSelect

export interface NewRelease {
  kind: Release["kind"]
  /** The current release's when not given. */
  slugId?: string
  configVersionId?: string
  /** One line for the time line: "Deploy 1a2b3c4", "Set `X` config var." */
  summary: string
  rollbackTo?: number
}

/** Appends the next release of an app. Holds the app's row until the transaction ends, so that numbers have no gap or double. */
export async function addRelease(tx: Transaction, ctx: Pick<Ctx, "actor">, app: Pick<App, "id">, what: NewRelease): Promise<Release> {
  await tx.select({ id: apps.id }).from(apps).where(eq(apps.id, app.id)).for("update")
  const current = await currentRelease(tx, app.id)
  const configVersionId = what.configVersionId ?? current?.configVersionId
  invariant(configVersionId, "an app has a config version from its creation on")
  const [release] = await tx
    .insert(releases)
    .values({
      appId: app.id,
      version: (current?.version ?? 0) + 1,
      kind: what.kind,
      slugId: what.slugId ?? current?.slugId ?? null,
      configVersionId,
      summary: what.summary,
      rollbackTo: what.rollbackTo ?? null,
      userId: userIdOf(ctx.actor),
    })
    .returning()
  invariant(release, "an insert answers its row")
  return release
}

/** The release with the highest version: what should run, whether or not it does. */
export async function currentRelease(db: Ctx["db"], appId: string): Promise<Release | null> {
  const [row] = await db.select().from(releases).where(eq(releases.appId, appId)).orderBy(desc(releases.version)).limit(1)
  return row ?? null
}
