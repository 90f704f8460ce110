import { and, desc, eq, inArray, notExists } from "drizzle-orm"
import { type BuildPhase, builds, releases, type SlugMeta, slugs, users } from "@/db/schema"
import { type App, appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import { type ConfigDiff, compareReleases } from "@/server/config"
import type { Ctx } from "@/server/kernel/context"
import { latestRelease, type ReleaseInfo, releasesOf } from "./queries"
import { type RolloutView, rolloutView, servingVersion, shownRollout } from "./rollout-view"

/** A line of the time line: a release, or a build that made none (yet). Times are ISO 8601. */
export type TimelineEntry = TimelineRelease | TimelineBuild

export interface TimelineRelease {
  is: "release"
  version: number
  kind: string
  summary: string
  commit: string | null
  message: string | null
  buildId: string | null
  by: string | null
  at: string
  /** `null` when it was never rolled out. */
  rollout: {
    state: RolloutView["state"]
    /** Whether it upgraded running replicas in place. */
    wasHot: boolean
    reason: string | null
    startedAt: string
    liveAt: string | null
    endedAt: string | null
  } | null
  /** Whether it takes the traffic now. */
  isServing: boolean
  /** Whether it waits for the next deploy: newer than what serves, and never rolled out. */
  isHeld: boolean
}

export interface TimelineBuild {
  is: "build"
  id: string
  number: number
  state: string
  commit: string
  message: string
  reason: string | null
  by: string | null
  at: string
  startedAt: string | null
  endedAt: string | null
}

export interface TimelineView {
  role: Role
  entries: TimelineEntry[]
  /** Whether older ones were left out. */
  hasMore: boolean
  /** The one under way, and the one that waits behind it. */
  rollout: RolloutView | null
  next: RolloutView | null
}

/** Releases and builds of an app, newest first. @throws AppError `not_found`. */
export async function timelineView(ctx: Ctx, name: string, limit: number): Promise<TimelineView> {
  const app = await appFor(ctx, name, "release:see")
  const [made, unreleased, serving, { rollout, next }] = await Promise.all([
    releasesOf(ctx, app.name, limit + 1),
    buildsWithoutRelease(ctx, app, limit + 1),
    servingVersion(ctx.db, app.id),
    shownRollout(ctx, app.id),
  ])
  const messages = await messagesOf(ctx, made)
  const entries: TimelineEntry[] = [
    ...made.map((release) => timelineRelease(release, messages.get(release.slug?.buildId ?? "") ?? null, serving)),
    ...unreleased,
  ]
  entries.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : rank(b) - rank(a)))
  const open = rollout?.endedAt === null ? rollout : null
  return { role: app.role, entries: entries.slice(0, limit), hasMore: entries.length > limit, rollout: open, next }
}

/** Of what was made in the same moment the higher version comes first. */
function rank(entry: TimelineEntry): number {
  return entry.is === "release" ? entry.version : entry.number
}

function timelineRelease(release: ReleaseInfo, message: string | null, serving: number | null): TimelineRelease {
  const { version, kind, summary, by, rollout, slug } = release
  return {
    is: "release",
    ...{ version, kind, summary, by, message },
    commit: slug?.commit ?? null,
    buildId: slug?.buildId ?? null,
    at: release.createdAt.toISOString(),
    rollout: rollout && {
      state: rollout.state,
      wasHot: rollout.strategy === "hot",
      reason: rollout.reason,
      startedAt: rollout.createdAt.toISOString(),
      liveAt: rollout.liveAt?.toISOString() ?? null,
      endedAt: rollout.endedAt?.toISOString() ?? null,
    },
    isServing: version === serving,
    isHeld: rollout === null && serving !== null && version > serving,
  }
}

async function buildsWithoutRelease(ctx: Ctx, app: App, limit: number): Promise<TimelineBuild[]> {
  const made = ctx.db
    .select({ id: slugs.id })
    .from(slugs)
    .innerJoin(releases, eq(releases.slugId, slugs.id))
    .where(eq(slugs.buildId, builds.id))
  const rows = await ctx.db
    .select({ build: builds, by: users.email })
    .from(builds)
    .leftJoin(users, eq(users.id, builds.userId))
    .where(and(eq(builds.appId, app.id), notExists(made)))
    .orderBy(desc(builds.number))
    .limit(limit)
  return rows.map(({ build: { id, number, state, commit, message, reason, createdAt, startedAt, endedAt }, by }) => ({
    is: "build",
    ...{ id, number, state, commit, reason, by },
    message: firstLine(message),
    at: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  }))
}

export async function messagesOf(ctx: Ctx, made: ReleaseInfo[]): Promise<Map<string, string>> {
  const ids = [...new Set(made.flatMap(({ slug }) => slug?.buildId ?? []))]
  if (ids.length === 0) return new Map()
  const rows = await ctx.db.select({ id: builds.id, message: builds.message }).from(builds).where(inArray(builds.id, ids))
  return new Map(rows.map(({ id, message }) => [id, firstLine(message)]))
}

const firstLine = (message: string) => message.split("\n")[0] ?? ""

/** What a release is made of, as a page may show it. */
export interface ReleaseFacts {
  version: number
  kind: string
  summary: string
  rollbackTo: number | null
  by: string | null
  at: string
  slug: { commit: string; sha256: string; sizeBytes: number; stack: string; meta: SlugMeta } | null
}

export interface ReleaseView {
  role: Role
  release: ReleaseFacts
  /** Its commit's message, whole. */
  build: { id: string; number: number; message: string; phases: BuildPhase[]; startedAt: string | null; endedAt: string | null } | null
  rollout: RolloutView | null
  isServing: boolean
  /** Whether it waits for the next deploy: newer than what serves, and never rolled out. */
  isHeld: boolean
  /** The newest of the app. */
  latest: number
  /** Compared with: the one before, or the one chosen. `null` for the very first. */
  against: { release: ReleaseFacts; config: ConfigDiff } | null
  /** What going back to it would change against the newest. `null` when it is the newest, or has nothing to run. */
  rollback: { config: ConfigDiff; from: ReleaseFacts; isSameSlug: boolean } | null
}

/** @param against the version to compare with; `null` for the one before. @throws AppError `not_found`. */
export async function releaseView(ctx: Ctx, name: string, version: number, against: number | null): Promise<ReleaseView> {
  const app = await appFor(ctx, name, "release:see")
  const latest = await latestRelease(ctx, app.name)
  const base = against ?? version - 1
  const { from, to, config } = await compareReleases(ctx, app.name, base >= 1 ? base : version, version)
  const [build, serving, back, rollout] = await Promise.all([
    buildOfSlug(ctx, to),
    servingVersion(ctx.db, app.id),
    to.slug && version !== latest.version ? compareReleases(ctx, app.name, latest.version, version) : null,
    to.rollout && rolloutView(ctx, to.rollout.id),
  ])
  return {
    role: app.role,
    release: factsOf(to),
    build,
    rollout,
    isServing: serving === version,
    isHeld: to.rollout === null && serving !== null && version > serving,
    latest: latest.version,
    against: base >= 1 ? { release: factsOf(from), config } : null,
    rollback: back && { config: back.config, from: factsOf(back.from), isSameSlug: back.from.slug?.sha256 === to.slug?.sha256 },
  }
}

export function factsOf({ version, kind, summary, rollbackTo, by, createdAt, slug }: ReleaseInfo): ReleaseFacts {
  return {
    ...{ version, kind, summary, rollbackTo, by },
    at: createdAt.toISOString(),
    slug: slug && { commit: slug.commit, sha256: slug.sha256, sizeBytes: slug.sizeBytes, stack: slug.stack, meta: slug.meta },
  }
}

async function buildOfSlug(ctx: Ctx, { slug }: ReleaseInfo): Promise<ReleaseView["build"]> {
  if (!slug?.buildId) return null
  const [row] = await ctx.db.select().from(builds).where(eq(builds.id, slug.buildId))
  if (!row) return null
  const { id, number, message, phases, startedAt, endedAt } = row
  return { id, number, message, phases, startedAt: startedAt?.toISOString() ?? null, endedAt: endedAt?.toISOString() ?? null }
}
