import { and, count, desc, eq, lt, sql } from "drizzle-orm"
import { apps, buildOutput, builds, slugs, users } from "@/db/schema"
import { audit } from "@/server/audit"
import { openConfig } from "@/server/config/open"
import type { Builder, BuildOrder, BuildWorld } from "@/server/drivers/builder/port"
import { type Actor, type Ctx, makeCtx, type Parts } from "@/server/kernel/context"
import { AppError, invariant } from "@/server/kernel/errors"
import { addRelease, currentRelease, runningSlug, startRollout } from "@/server/releases"
import { wake } from "@/server/wakes"
import { type Build, endLast, storeOutput } from "./build-output"
import type { Outcome, Reconciler } from "./loop"

/** Where the source of a build waits, put there by the git hook. */
export interface Sources {
  of(buildId: string): Promise<BuildOrder["source"]>
  /** Repeatable. */
  remove(buildId: string): Promise<void>
}

export interface BuildDeps extends Parts {
  builder: Builder
  sources: Sources
  /** How many builds run side by side on this platform. */
  maxBuilds: number
}

const LOOK_SECONDS = 0.15
const WAIT_SECONDS = 2
/** What a good build leaves can wait: its release is being rolled out, and the machine has better to do. */
const CLEAN_UP_SECONDS = 3
/** A build whose container vanished (a restart of the machine) is run again once. */
const MAX_ATTEMPTS = 2
/** Whoever holds it decides which build begins: two controllers must not both see the last free place. */
const BEGIN_LOCK = 7_441_914

/** One build from its wish to a release, or to a sentence that says why not. */
export function reconcileBuild(deps: BuildDeps): Reconciler {
  return async (id) => {
    const [build] = await deps.db.select().from(builds).where(eq(builds.id, id))
    if (!build) return cleanUp(deps, id)
    switch (build.state) {
      case "queued":
        return begin(deps, build)
      case "building":
        return follow(deps, build)
      case "succeeded":
      case "failed":
      case "cancelled":
        return cleanUp(deps, id)
    }
  }
}

async function begin(deps: BuildDeps, build: Build): Promise<Outcome> {
  if (build.cancelRequestedAt) return finish(deps, build, "cancelled", "Cancelled before it began.")
  const hasPlace = await deps.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${BEGIN_LOCK})`)
    const [running] = await tx
      .select({ all: count(), sameApp: sql<number>`count(*) filter (where app_id = ${build.appId})::int` })
      .from(builds)
      .where(eq(builds.state, "building"))
    const older = and(eq(builds.appId, build.appId), eq(builds.state, "queued"), lt(builds.number, build.number))
    const [before] = await tx.select({ waiting: count() }).from(builds).where(older)
    if (!running || running.all >= deps.maxBuilds || running.sameApp > 0 || (before?.waiting ?? 0) > 0) return false
    await tx.update(builds).set({ state: "building", startedAt: deps.clock.now() }).where(eq(builds.id, build.id))
    return true
  })
  return { againInSeconds: hasPlace ? 0 : WAIT_SECONDS }
}

async function follow(deps: BuildDeps, build: Build): Promise<Outcome> {
  const world = await deps.builder.observe(build.id)
  if (world.state === "absent") return start(deps, build)
  if (world.state === "lost") {
    await deps.builder.remove(build.id)
    return start(deps, build)
  }
  if (build.cancelRequestedAt && world.state === "running") await deps.builder.cancel(build.id)
  // Read after looking: what ended has printed everything by then.
  const isCurrent = await takeOutput(deps, build)
  if (!isCurrent) return { againInSeconds: 0 }
  if (world.state === "running") return { againInSeconds: LOOK_SECONDS }
  return judge(deps, build, world)
}

async function start(deps: BuildDeps, build: Build): Promise<Outcome> {
  if (build.cancelRequestedAt) return finish(deps, build, "cancelled", "Cancelled.")
  if (build.attempts >= MAX_ATTEMPTS) {
    return finish(deps, build, "failed", "The build's container vanished twice: push again, and ask the operator to look at the machine.")
  }
  const order = await orderOf(deps, build)
  if (!order) return finish(deps, build, "failed", "The source of this build is gone: push again.")
  const count = (attempts: number) => deps.db.update(builds).set({ attempts, outputOffset: 0 }).where(eq(builds.id, build.id))
  await count(build.attempts + 1)
  await deps.builder.start(order).catch(async (error: unknown) => {
    // Nothing vanished: the runner or the slug store was away, and is asked again.
    if (error instanceof AppError && error.code === "unavailable") await count(build.attempts)
    throw error
  })
  return { againInSeconds: LOOK_SECONDS }
}

async function orderOf(deps: BuildDeps, build: Build): Promise<BuildOrder | null> {
  const [app] = await deps.db.select().from(apps).where(eq(apps.id, build.appId))
  const release = await currentRelease(deps.db, build.appId)
  invariant(app && release, "a build has an app, and an app a release")
  const source = await deps.sources.of(build.id).catch(() => null)
  if (!source) return null
  const { values } = await openConfig(deps, release.configVersionId)
  const { id, commit, cleanCache, hotUpgrade } = build
  return {
    id,
    app: { id: app.id, name: app.name, number: app.number },
    commit,
    stack: app.stack,
    source,
    env: values,
    cleanCache,
    hotUpgrade: hotUpgrade ? { from: await runningSlug(deps.db, build.appId) } : null,
  }
}

/** @returns whether everything printed so far is stored. */
async function takeOutput(deps: BuildDeps, build: Build): Promise<boolean> {
  const { lines, nextOffset } = await deps.builder.output(build.id, build.outputOffset)
  if (nextOffset === build.outputOffset) return true
  build.phases = await deps.db.transaction((tx) => storeOutput(tx, build, lines, nextOffset))
  build.outputOffset = nextOffset
  return false
}

function judge(deps: BuildDeps, build: Build, world: Extract<BuildWorld, { state: "ended" }>): Promise<Outcome> {
  if (build.cancelRequestedAt || world.reason === "cancelled") return finish(deps, build, "cancelled", "Cancelled.")
  if (world.reason === "out_of_memory") {
    return finish(deps, build, "failed", "The build needed more memory than a build may use, and was ended.")
  }
  if (world.reason === "out_of_time") return finish(deps, build, "failed", "The build took longer than a build may, and was ended.")
  return world.code === 0 ? succeed(deps, build) : fail(deps, build, world.code)
}

/** The build's own last word is the reason, where it has one; it stands in the output already. */
async function fail(deps: BuildDeps, build: Build, code: number): Promise<Outcome> {
  const [last] = await deps.db
    .select({ text: buildOutput.text })
    .from(buildOutput)
    .where(eq(buildOutput.buildId, build.id))
    .orderBy(desc(buildOutput.id))
    .limit(1)
  const reason = last && lastWord(last.text)
  if (!reason) return finish(deps, build, "failed", `The build ended with exit code ${code}: its last lines say why.`)
  await deps.db.transaction((tx) => end(tx, deps, build, "failed", reason))
  return { againInSeconds: 0 }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of control characters.
const COLOURS = /\u001b\[[0-9;]*m/g

/** Of a line ` !     Say what to do.`, as `stack/build` ends a build that failed. */
function lastWord(line: string): string | null {
  return /^ !\s+(\S.*)$/.exec(line.replace(COLOURS, ""))?.[1] ?? null
}

async function succeed(deps: BuildDeps, build: Build): Promise<Outcome> {
  const slug = await deps.builder.collect(build.id).catch((error: unknown) => {
    if (error instanceof AppError && error.code !== "unavailable") return error
    throw error
  })
  if (slug instanceof AppError) return finish(deps, build, "failed", slug.message)
  const ctx = await onBehalfOf(deps, build.userId)
  await ctx.tx(async (tx) => {
    const [app] = await tx.select().from(apps).where(eq(apps.id, build.appId)).for("update")
    invariant(app, "a build has an app")
    const [row] = await tx
      .insert(slugs)
      .values({ appId: app.id, buildId: build.id, stack: app.stack, commit: build.commit, ...slug })
      .returning()
    invariant(row, "an insert answers its row")
    // A new app has no replicas until something was pushed (gigalixir.md C.2); later pushes keep what the people chose.
    const isFirst = (await currentRelease(tx, app.id))?.slugId == null
    if (isFirst && app.replicas === 0) await tx.update(apps).set({ replicas: 1 }).where(eq(apps.id, app.id))
    const summary = `Deploy ${build.commit.slice(0, 7)}${build.message ? `: ${firstLine(build.message)}` : ""}`
    const release = await addRelease(tx, ctx, app, { kind: "deploy", slugId: row.id, summary })
    await startRollout(tx, ctx, app, { kind: "deploy", releaseId: release.id, hotUpgrade: slug.meta.hotUpgrade })
    await end(tx, deps, build, "succeeded", null)
    await audit(tx, ctx, "release.created", { app, data: { version: release.version, commit: build.commit, sizeBytes: slug.sizeBytes } })
  })
  return { againInSeconds: CLEAN_UP_SECONDS }
}

const firstLine = (message: string) => message.split("\n", 1)[0]?.slice(0, 120) ?? ""

async function finish(deps: BuildDeps, build: Build, state: "failed" | "cancelled", reason: string): Promise<Outcome> {
  await deps.db.transaction(async (tx) => {
    const text = `\u001b[31m !     ${reason}\u001b[0m`
    await tx
      .insert(buildOutput)
      .values({ buildId: build.id, appId: build.appId, at: deps.clock.now(), phase: build.phases.at(-1)?.name ?? "", text })
    await end(tx, deps, build, state, reason)
  })
  return { againInSeconds: 0 }
}

async function end(
  tx: Parameters<Parameters<Ctx["tx"]>[0]>[0],
  deps: BuildDeps,
  build: Build,
  state: Build["state"],
  reason: string | null,
): Promise<void> {
  const now = deps.clock.now()
  await tx
    .update(builds)
    .set({ state, reason, endedAt: now, phases: endLast(build.phases, now) })
    .where(eq(builds.id, build.id))
  // A place is free: whoever waits looks at once.
  for (const waiting of await tx.select({ id: builds.id }).from(builds).where(eq(builds.state, "queued")))
    await wake(tx, "build", waiting.id)
}

async function cleanUp(deps: BuildDeps, id: string): Promise<Outcome> {
  await deps.builder.remove(id)
  await deps.sources.remove(id)
  return "done"
}

/** The pusher, for the audit log and the release's author; the system when they are gone. */
async function onBehalfOf(deps: BuildDeps, userId: string | null): Promise<Ctx> {
  const [user] = userId ? await deps.db.select().from(users).where(eq(users.id, userId)) : []
  const actor: Actor = user
    ? { kind: "person", userId: user.id, email: user.email, sessionId: null, via: "git" }
    : { kind: "system", via: "system" }
  return makeCtx(deps, { actor })
}
