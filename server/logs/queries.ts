import { and, asc, desc, eq, gt, gte, lte, type SQL } from "drizzle-orm"
import { logLines, oneOffs } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"

export interface LogLine {
  /** Grows; give the last one seen to get what came after. */
  id: number
  at: Date
  source: "app" | "router" | "build" | "platform"
  /** The replica's id; empty for the platform's own lines. */
  replica: string
  /** The version of the replica's release. */
  release: number | null
  stream: "stdout" | "stderr"
  text: string
}

const columns = {
  id: logLines.id,
  at: logLines.at,
  source: logLines.source,
  replica: logLines.replica,
  release: logLines.release,
  stream: logLines.stream,
  text: logLines.text,
}

/** The last lines of an app, oldest first. */
export async function lastLines(ctx: Ctx, appName: string, limit: number): Promise<LogLine[]> {
  const app = await appFor(ctx, appName, "log:see")
  const rows = await ctx.db.select(columns).from(logLines).where(eq(logLines.appId, app.id)).orderBy(desc(logLines.id)).limit(limit)
  return rows.reverse()
}

/** What came after a line, oldest first. @param afterId 0 for all that is kept. */
export async function linesAfter(ctx: Ctx, appName: string, afterId: number, limit = 1000): Promise<LogLine[]> {
  const app = await appFor(ctx, appName, "log:see")
  return ctx.db
    .select(columns)
    .from(logLines)
    .where(and(eq(logLines.appId, app.id), gt(logLines.id, afterId)))
    .orderBy(asc(logLines.id))
    .limit(limit)
}

/** How much earlier or later than the platform's own record a line may say that it was printed. */
const SLACK_MS = 10_000

/** What one replica or one-off printed after a line, oldest first. @param afterId 0 for all that is kept. */
export async function linesOf(ctx: Ctx, appName: string, printer: string, afterId: number, limit: number): Promise<LogLine[]> {
  const app = await appFor(ctx, appName, "log:see")
  return ctx.db
    .select(columns)
    .from(logLines)
    .where(and(eq(logLines.appId, app.id), eq(logLines.replica, printer), gt(logLines.id, afterId), await whenOf(ctx, printer)))
    .orderBy(asc(logLines.id))
    .limit(limit)
}

/** When a one-off ran: a week of the app's other lines need not be looked through for its few. */
async function whenOf(ctx: Ctx, printer: string): Promise<SQL | undefined> {
  const [oneOff] = await ctx.db.select({ from: oneOffs.createdAt, to: oneOffs.endedAt }).from(oneOffs).where(eq(oneOffs.id, printer))
  if (!oneOff) return undefined
  const from = new Date(oneOff.from.getTime() - SLACK_MS)
  const to = oneOff.to && new Date(oneOff.to.getTime() + SLACK_MS)
  return and(gte(logLines.at, from), to ? lte(logLines.at, to) : undefined)
}
