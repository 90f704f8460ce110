import { randomBytes } from "node:crypto"
import { desc, eq } from "drizzle-orm"
import { auditEntries, replicas, rollouts, type SlugMeta, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { addRelease, type Release, startRollout } from "@/server/releases"
import { anApp, aPerson, share, type testParts } from "./people"

const meta: SlugMeta = {
  mode: "release",
  releaseName: "hello",
  version: "0.1.0",
  erlang: "27.3",
  elixir: "1.18.3",
  erts: "15.2",
  processTypes: { web: "bin/hello start" },
  buildpacks: ["elixir", "releases"],
}

/** What a push leaves: a slug and a release of it, settled. */
export async function aDeploy(ctx: Ctx, app: App, over: Partial<SlugMeta> = {}): Promise<Release & { slug: typeof slugs.$inferSelect }> {
  return ctx.tx(async (tx) => {
    const commit = randomBytes(20).toString("hex")
    const values = { appId: app.id, sha256: randomBytes(32).toString("hex"), sizeBytes: 1234, stack: "debian-13", commit }
    const [slug] = await tx
      .insert(slugs)
      .values({ ...values, meta: { ...meta, ...over } })
      .returning()
    if (!slug) throw new Error("no slug")
    const release = await addRelease(tx, ctx, app, { kind: "deploy", slugId: slug.id, summary: `Deploy ${commit.slice(0, 7)}` })
    await startRollout(tx, ctx, app, { kind: "deploy", releaseId: release.id })
    await tx.update(rollouts).set({ state: "settled", liveAt: new Date(), endedAt: new Date() }).where(eq(rollouts.releaseId, release.id))
    return { ...release, slug }
  })
}

/** A replica as the controller stores it: healthy, with traffic. */
export async function aReplica(
  ctx: Ctx,
  app: App,
  release: Release,
  over: Partial<typeof replicas.$inferInsert> = {},
): Promise<typeof replicas.$inferSelect> {
  const [rollout] = await ctx.db.select().from(rollouts).where(eq(rollouts.releaseId, release.id)).limit(1)
  const [replica] = await ctx.db
    .insert(replicas)
    .values({
      id: `${app.name}-${randomBytes(3).toString("hex")}`,
      appId: app.id,
      releaseId: release.id,
      generation: rollout?.generation ?? release.id,
      index: 0,
      address: "10.0.0.2:4000",
      state: "healthy",
      traffic: "active",
      startedAt: new Date(),
      ...over,
    })
    .returning()
  if (!replica) throw new Error("no replica")
  return replica
}

/** An app with one of each role, and a stranger. */
export async function anAppWithPeople(parts: ReturnType<typeof testParts>) {
  const [owner, collaborator, viewer, stranger] = [await aPerson(parts), await aPerson(parts), await aPerson(parts), await aPerson(parts)]
  const app = await anApp(owner)
  await share(app, collaborator, "COLLABORATOR")
  await share(app, viewer, "VIEWER")
  return { app, owner, collaborator, viewer, stranger }
}

/** The newest audit row of an app. */
export async function lastAudit(ctx: Ctx, app: Pick<App, "id">) {
  const [row] = await ctx.db.select().from(auditEntries).where(eq(auditEntries.appId, app.id)).orderBy(desc(auditEntries.id)).limit(1)
  return row
}
