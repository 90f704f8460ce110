import { and, desc, eq, getTableColumns, isNull, type SQL } from "drizzle-orm"
import { oneOffs, releases, users } from "@/db/schema"
import { type App, appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import type { OneOff } from "./add"

export interface OneOffInfo extends Omit<OneOff, "appId" | "userId" | "releaseId"> {
  /** Of the release that it runs in. */
  version: number
  /** Who started it: an e-mail. */
  by: string | null
}

/** Newest first. */
export async function oneOffsOf(ctx: Ctx, appName: string, limit = 50): Promise<OneOffInfo[]> {
  const app = await appFor(ctx, appName, "one_off:see")
  return selectOneOffs(ctx, eq(oneOffs.appId, app.id), limit)
}

/** Those that wait or run, newest first. */
export async function openOneOffsOf(ctx: Ctx, appName: string): Promise<OneOffInfo[]> {
  const app = await appFor(ctx, appName, "one_off:see")
  return selectOneOffs(ctx, and(eq(oneOffs.appId, app.id), isNull(oneOffs.endedAt)))
}

/** @throws AppError `not_found`. */
export async function oneOffOf(ctx: Ctx, appName: string, id: string): Promise<OneOffInfo> {
  const app = await appFor(ctx, appName, "one_off:see")
  const [found] = await selectOneOffs(ctx, whereOneOff(app, id), 1)
  if (!found) throw noSuchOneOff()
  return found
}

/** Among the one-offs of this app only. @throws AppError `not_found`. */
export async function findOneOff(db: Ctx["db"], app: Pick<App, "id">, id: string): Promise<OneOff> {
  const [found] = await db.select().from(oneOffs).where(whereOneOff(app, id))
  if (!found) throw noSuchOneOff()
  return found
}

/** A rollout's release command. For controllers: nobody asks. */
export async function oneOffOfRollout(db: Ctx["db"], rolloutId: string): Promise<OneOff | null> {
  const [found] = await db.select().from(oneOffs).where(eq(oneOffs.rolloutId, rolloutId))
  return found ?? null
}

async function selectOneOffs(ctx: Ctx, where: SQL | undefined, limit = 100): Promise<OneOffInfo[]> {
  const { appId, userId, releaseId, ...columns } = getTableColumns(oneOffs)
  return ctx.db
    .select({ ...columns, version: releases.version, by: users.email })
    .from(oneOffs)
    .innerJoin(releases, eq(releases.id, releaseId))
    .leftJoin(users, eq(users.id, userId))
    .where(where)
    .orderBy(desc(oneOffs.createdAt), desc(oneOffs.id))
    .limit(limit)
}

const whereOneOff = (app: Pick<App, "id">, id: string) => and(eq(oneOffs.appId, app.id), eq(oneOffs.id, id))
const noSuchOneOff = () => new AppError("not_found", "There is no such one-off of this app. Older ones are forgotten in time.")
