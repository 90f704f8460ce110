import { and, desc, eq, inArray, isNull, max } from "drizzle-orm"
import type { z } from "zod"
import type { Transaction } from "@/db/client"
import { builds } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { RequestBuildInput } from "./schema"

export type Build = typeof builds.$inferSelect

/** Of a message nobody reads more. */
const LONGEST_MESSAGE = 2000

/**
 * Puts a build of a pushed commit in the queue, or joins the one of the same that has not ended: who pushes again after Ctrl-C or a
 * line that broke does not build twice. Its source is there already.
 * @throws AppError `not_found` when the app is gone, `forbidden` for who may not push.
 */
export async function requestBuild(ctx: Ctx, raw: z.input<typeof RequestBuildInput>): Promise<Build> {
  const { app: name, message, ...asked } = RequestBuildInput.parse(raw)
  const found = await appFor(ctx, name, "build:push")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const input = { ...asked, hotUpgrade: asked.hotUpgrade || app.settings.rollout.strategy === "hot" }
    const twin = await twinOf(tx, app.id, input)
    if (twin) return twin
    const [build] = await tx
      .insert(builds)
      .values({
        ...input,
        message: message.slice(0, LONGEST_MESSAGE),
        appId: app.id,
        number: await nextNumber(tx, app.id),
        userId: userIdOf(ctx.actor),
        createdAt: ctx.clock.now(),
      })
      .returning()
    invariant(build, "an insert answers its row")
    await audit(tx, ctx, "build.requested", { app, data: { build: build.number, commit: build.commit, branch: build.branch } })
    await wake(tx, "build", build.id)
    return build
  })
}

type Wish = Omit<z.output<typeof RequestBuildInput>, "app" | "message">

/** Under the lock of the app: two pushes of one commit may ask in the same moment. */
async function twinOf(tx: Transaction, appId: string, { commit, branch, cleanCache, hotUpgrade }: Wish): Promise<Build | null> {
  const isSame = [
    eq(builds.commit, commit),
    eq(builds.branch, branch),
    eq(builds.cleanCache, cleanCache),
    eq(builds.hotUpgrade, hotUpgrade),
  ]
  const isOpen = [inArray(builds.state, ["queued", "building"]), isNull(builds.cancelRequestedAt)]
  const [twin] = await tx
    .select()
    .from(builds)
    .where(and(eq(builds.appId, appId), ...isSame, ...isOpen))
    .orderBy(desc(builds.number))
    .limit(1)
  return twin ?? null
}

/** Under the lock of the app. */
async function nextNumber(tx: Transaction, appId: string): Promise<number> {
  const [last] = await tx
    .select({ number: max(builds.number) })
    .from(builds)
    .where(eq(builds.appId, appId))
  return (last?.number ?? 0) + 1
}
