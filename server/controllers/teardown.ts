import { and, eq, inArray, isNull, ne } from "drizzle-orm"
import { apps, buildOutput, builds, logLines, oneOffs, rollouts, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import type { Builder } from "@/server/drivers/builder/port"
import type { Cluster } from "@/server/drivers/cluster/port"
import type { Edge } from "@/server/drivers/edge/port"
import type { SlugStore } from "@/server/drivers/slug-store/port"
import type { Parts } from "@/server/kernel/context"
import { requestCancel } from "@/server/one-offs"
import { wake } from "@/server/wakes"
import type { Outcome } from "./loop"

export interface TeardownDeps {
  cluster: Cluster
  edge: Edge
  builder: Builder
  slugStore: SlugStore
  /** Where pushes are kept. Repeatable. */
  repositories: { remove(appId: string): Promise<void> }
}

const LOOK_SECONDS = 0.3

/** Takes a deleted app's world down, piece by piece, and forgets the app last: killed in between, the next look goes on. */
export async function tearDown(deps: Parts & TeardownDeps, app: App): Promise<Outcome> {
  const appRef = { id: app.id, name: app.name, number: app.number }
  if ((await cancelBuilds(deps, app)) || (await cancelOneOffs(deps, app))) return { againInSeconds: LOOK_SECONDS }
  await deps.edge.unroute(app.id)
  if (!(await deps.cluster.remove(appRef))) return { againInSeconds: LOOK_SECONDS }
  await deps.builder.forgetApp(appRef)
  await deps.repositories.remove(app.id)
  await removeSlugs(deps, app)
  await deps.db.transaction(async (tx) => {
    await tx.delete(logLines).where(eq(logLines.appId, app.id))
    await tx.delete(buildOutput).where(eq(buildOutput.appId, app.id))
    await tx.delete(rollouts).where(eq(rollouts.appId, app.id))
    await tx.delete(apps).where(eq(apps.id, app.id))
  })
  return "done"
}

/** @returns whether some are still under way. */
async function cancelBuilds(deps: Parts, app: App): Promise<boolean> {
  const open = and(eq(builds.appId, app.id), inArray(builds.state, ["queued", "building"]))
  const now = deps.clock.now()
  await deps.db
    .update(builds)
    .set({ cancelRequestedAt: now })
    .where(and(open, isNull(builds.cancelRequestedAt)))
  const left = await deps.db.select({ id: builds.id }).from(builds).where(open)
  for (const build of left) await wake(deps.db, "build", build.id)
  return left.length > 0
}

/** @returns whether some are still under way: one that is about to begin must not do so after all else is gone. */
async function cancelOneOffs(deps: Parts, app: App): Promise<boolean> {
  const isOpen = and(eq(oneOffs.appId, app.id), inArray(oneOffs.state, ["waiting", "running"]))
  const open = await deps.db.select({ id: oneOffs.id }).from(oneOffs).where(isOpen)
  for (const { id } of open) await deps.db.transaction((tx) => requestCancel(tx, id, "The app was deleted."))
  return open.length > 0
}

/** The same bytes may belong to another app's slug. */
async function removeSlugs(deps: Parts & TeardownDeps, app: App): Promise<void> {
  const mine = await deps.db.selectDistinct({ sha256: slugs.sha256 }).from(slugs).where(eq(slugs.appId, app.id))
  for (const { sha256 } of mine) {
    const [other] = await deps.db
      .select({ id: slugs.id })
      .from(slugs)
      .where(and(eq(slugs.sha256, sha256), ne(slugs.appId, app.id)))
      .limit(1)
    if (!other) await deps.slugStore.remove(sha256)
  }
}
