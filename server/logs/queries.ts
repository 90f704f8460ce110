import { and, asc, desc, eq, gt } from "drizzle-orm"
import { logLines } from "@/db/schema"
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

/** What one replica or one-off printed after a line, oldest first. @param afterId 0 for all that is kept. */
export async function linesOf(ctx: Ctx, appName: string, printer: string, afterId: number, limit: number): Promise<LogLine[]> {
  const app = await appFor(ctx, appName, "log:see")
  return ctx.db
    .select(columns)
    .from(logLines)
    .where(and(eq(logLines.appId, app.id), eq(logLines.replica, printer), gt(logLines.id, afterId)))
    .orderBy(asc(logLines.id))
    .limit(limit)
}
