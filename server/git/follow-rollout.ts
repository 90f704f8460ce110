import { and, desc, eq, inArray, isNull, lt } from "drizzle-orm"
import { apps, builds, releases, replicas, rollouts, slugs } from "@/db/schema"
import { addressesOf } from "@/server/apps"
import type { Ctx } from "@/server/kernel/context"
import { hasEnded } from "@/server/releases"
import type { Teller } from "./follow-build"
import type { FollowRollout } from "./push"
import { hints, type RolloutView, story } from "./rollout-story"

const LOOK_AT_LEAST_EVERY_MS = 2_000
/** The release and its rollout are made with the build's end; not finding them for so long means that somebody removed them. */
const LOOKS_WITHOUT_ROLLOUT = 10

/** Tells the way of the release that a commit became, to its end. */
export async function followRollout(ctx: Ctx, teller: Teller, { push, commit }: FollowRollout): Promise<void> {
  const { hub, tell, signal } = teller
  const told = new Set<string>()
  let misses = 0
  const interest = { app: push.app.id, tables: ["rollouts", "replicas", "releases"] }
  for await (const _ of hub.looks(interest, { atLeastEveryMs: LOOK_AT_LEAST_EVERY_MS, signal })) {
    const view = await viewOf(ctx, teller, push.app.id, commit)
    if (!view) {
      misses += 1
      if (misses < LOOKS_WITHOUT_ROLLOUT) continue
      return tell({ end: { ok: true, reason: "" } })
    }
    for (const line of story(view)) {
      if (told.has(line)) continue
      told.add(line)
      tell({ line })
    }
    if (push.leavesAtOnce || hasEnded(view.rollout.state)) {
      for (const line of hints(view, push.app.name, teller.env.url)) tell({ line })
      return tell({ end: { ok: view.rollout.state === "settled" || push.leavesAtOnce, reason: "" } })
    }
  }
}

async function viewOf(ctx: Ctx, { env }: Teller, appId: string, commit: string): Promise<RolloutView | null> {
  const [found] = await ctx.db
    .select({ rollout: rollouts, version: releases.version, app: apps })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .innerJoin(apps, eq(apps.id, rollouts.appId))
    .innerJoin(slugs, eq(slugs.id, releases.slugId))
    .innerJoin(builds, eq(builds.id, slugs.buildId))
    .where(and(eq(rollouts.appId, appId), eq(rollouts.kind, "deploy"), eq(builds.commit, commit)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  if (!found) return null
  const { rollout, version, app } = found
  const isOfIt = [eq(replicas.generation, rollout.generation), isNull(replicas.endedAt)]
  const healthy = await ctx.db.$count(replicas, and(eq(replicas.appId, appId), inArray(replicas.state, ["healthy"]), ...isOfIt))
  const good = await ctx.db.$count(
    rollouts,
    and(eq(rollouts.appId, appId), eq(rollouts.state, "settled"), lt(rollouts.createdAt, rollout.createdAt)),
  )
  const { settleSeconds } = app.settings.rollout
  return { rollout, version, healthy, hadBefore: good > 0, settleSeconds, url: addressesOf(env, app).url }
}
