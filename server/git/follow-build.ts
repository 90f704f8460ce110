import { and, asc, desc, eq, gt, inArray, lt } from "drizzle-orm"
import { buildOutput, builds } from "@/db/schema"
import { type Build, isEnded, requestBuild } from "@/server/builds"
import type { Ctx } from "@/server/kernel/context"
import { refusalOf } from "@/server/kernel/refusal"
import type { HookParts } from "./hook-api"
import type { FollowBuild, Told } from "./push"
import { sourcesAt } from "./sources"

export interface Teller extends Pick<HookParts, "hub" | "env"> {
  tell: (told: Told) => void
  signal: AbortSignal
}

const LOOK_AT_LEAST_EVERY_MS = 2_000
const LINES_AT_ONCE = 500

/** Asks for the build of a push (once, however often it is called), then tells what it prints and how it ends. */
export async function followBuild(ctx: Ctx, teller: Teller, order: FollowBuild): Promise<void> {
  const build = await buildFor(ctx, order).catch((error: unknown) => {
    const refusal = refusalOf(error)
    if (!refusal || refusal.code === "unavailable") throw error
    teller.tell({ end: { ok: false, reason: refusal.message } })
    return null
  })
  if (!build) return
  if (build.id !== order.push.id) await sourcesAt(order.push.sources).remove(order.push.id)
  if (order.build === null) greet(teller, order, build)
  await followOutput(ctx, teller, build, order.after)
}

/** The build that this push asked for before, or what asking gives. */
async function buildFor(ctx: Ctx, order: FollowBuild): Promise<Build> {
  const { push, commit, branch, message } = order
  const [own] = await ctx.db
    .select()
    .from(builds)
    .where(and(eq(builds.appId, push.app.id), eq(builds.id, order.build ?? push.id)))
  if (own) return own
  const { id, cleanCache, hotUpgrade } = push
  return requestBuild(ctx, { app: push.app.name, id, commit, message, branch, cleanCache, hotUpgrade })
}

function greet({ tell, env }: Teller, { push }: FollowBuild, build: Build): void {
  tell({ build: build.id })
  tell({ line: `-----> Build #${build.number} of ${push.app.name}: ${build.commit.slice(0, 7)} on ${build.branch}` })
  tell({ line: `       ${env.url}/apps/${push.app.name}/builds/${build.number}` })
  tell({ line: "       Ctrl-C leaves this push; the build goes on, and can be cancelled on that page." })
}

async function followOutput(ctx: Ctx, { hub, tell, signal }: Teller, followed: Build, after: number): Promise<void> {
  const { id, appId } = followed
  let last = after
  let waiting = ""
  for await (const _ of hub.looks({ app: appId, tables: ["builds", "build_output"] }, { atLeastEveryMs: LOOK_AT_LEAST_EVERY_MS, signal })) {
    // The state first: what a build printed is stored before its end is.
    const [build] = await ctx.db.select().from(builds).where(eq(builds.id, id))
    if (!build) return tell({ end: { ok: false, reason: "The app was deleted." } })
    last = await tellOutput(ctx, tell, id, last)
    if (isEnded(build.state)) return tell({ end: { ok: build.state === "succeeded", reason: "" } })
    const why = build.state === "queued" ? await whyItWaits(ctx, build) : ""
    if (why !== "" && why !== waiting) tell({ line: `       ${why}` })
    waiting = why
  }
}

async function tellOutput(ctx: Ctx, tell: Teller["tell"], buildId: string, after: number): Promise<number> {
  let last = after
  for (;;) {
    const lines = await ctx.db
      .select({ id: buildOutput.id, text: buildOutput.text })
      .from(buildOutput)
      .where(and(eq(buildOutput.buildId, buildId), gt(buildOutput.id, last)))
      .orderBy(asc(buildOutput.id))
      .limit(LINES_AT_ONCE)
    for (const line of lines) tell({ line: line.text, id: line.id })
    last = lines.at(-1)?.id ?? last
    if (lines.length < LINES_AT_ONCE) return last
  }
}

const WORTH_SAYING_MS = 1_500

async function whyItWaits(ctx: Ctx, build: Build): Promise<string> {
  const isBefore = and(eq(builds.appId, build.appId), lt(builds.number, build.number), inArray(builds.state, ["queued", "building"]))
  const [before] = await ctx.db
    .select({ number: builds.number, commit: builds.commit })
    .from(builds)
    .where(isBefore)
    .orderBy(desc(builds.number))
    .limit(1)
  if (before) return `Waiting for build #${before.number} of this app (${before.commit.slice(0, 7)}) to end …`
  // A build that finds a place begins within moments: that is nothing to speak of.
  if (ctx.clock.now().getTime() - build.createdAt.getTime() < WORTH_SAYING_MS) return ""
  const [other] = await ctx.db.select({ id: builds.id }).from(builds).where(eq(builds.state, "building")).limit(1)
  return other ? "Waiting for a place: builds of other apps are under way …" : ""
}
