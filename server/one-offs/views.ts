import { eq } from "drizzle-orm"
import { type SlugMeta, slugs } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import type { Ctx } from "@/server/kernel/context"
import { currentRelease } from "@/server/releases"
import { commandLine } from "./command"
import { MAX_AT_ONCE } from "./limits"
import { type OneOffInfo, oneOffOf, oneOffsOf } from "./queries"
import { isEnded } from "./state"

/** A one-off as pages show it; times are ISO 8601. */
export interface OneOffView {
  id: string
  kind: OneOffInfo["kind"]
  /** As a person would type it. */
  line: string
  /** Program and arguments. */
  command: string[]
  state: OneOffInfo["state"]
  /** Of its release. */
  version: number
  by: string | null
  size: number
  timeLimitSeconds: number
  reason: string | null
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  isCancelling: boolean
}

export interface OneOffsView {
  app: string
  role: Role
  /** The app's own, which one gets who asks for none. */
  size: number
  /** What the next one runs in; `null` before the first push. */
  release: { version: number; mode: SlugMeta["mode"]; releaseName: string | null } | null
  /** Whether as many run as may at once. */
  isFull: boolean
  /** Newest first. */
  oneOffs: OneOffView[]
}

/** The page of an app's one-offs. @throws AppError `not_found`. */
export async function oneOffsView(ctx: Ctx, name: string): Promise<OneOffsView> {
  const app = await appFor(ctx, name, "one_off:see")
  const [all, release] = await Promise.all([oneOffsOf(ctx, app.name, 100), nextRelease(ctx, app.id)])
  const open = all.filter((oneOff) => !isEnded(oneOff.state) && oneOff.rolloutId === null)
  return { app: app.name, role: app.role, size: app.size, release, isFull: open.length >= MAX_AT_ONCE, oneOffs: all.map(viewOf) }
}

/** @throws AppError `not_found`. */
export async function oneOffView(ctx: Ctx, name: string, id: string): Promise<OneOffView & { app: string; role: Role }> {
  const app = await appFor(ctx, name, "one_off:see")
  return { app: app.name, role: app.role, ...viewOf(await oneOffOf(ctx, app.name, id)) }
}

function viewOf(oneOff: OneOffInfo): OneOffView {
  const { id, kind, command, state, version, by, size, timeLimitSeconds, reason } = oneOff
  return {
    ...{ id, kind, command, state, version, by, size, timeLimitSeconds },
    line: commandLine(command),
    // Before the end it holds the words of whoever cancels.
    reason: isEnded(state) ? reason : null,
    createdAt: oneOff.createdAt.toISOString(),
    startedAt: oneOff.startedAt?.toISOString() ?? null,
    endedAt: oneOff.endedAt?.toISOString() ?? null,
    isCancelling: oneOff.cancelRequestedAt !== null && oneOff.endedAt === null,
  }
}

async function nextRelease(ctx: Ctx, appId: string): Promise<OneOffsView["release"]> {
  const release = await currentRelease(ctx.db, appId)
  if (!release?.slugId) return null
  const [slug] = await ctx.db.select({ meta: slugs.meta }).from(slugs).where(eq(slugs.id, release.slugId))
  return slug ? { version: release.version, mode: slug.meta.mode, releaseName: slug.meta.releaseName } : null
}
