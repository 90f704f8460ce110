import { and, asc, eq, isNull } from "drizzle-orm"
import { replicas } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { type LogLine, lastLines, linesAfter, linesOf } from "./queries"

/** A line as pages show it; its time is ISO 8601. */
export interface LogLineView extends Omit<LogLine, "at"> {
  at: string
}

export interface LogsView {
  lines: LogLineView[]
  /** Whether more came already. */
  hasMore: boolean
  /** Those that run now. */
  replicas: string[]
}

const FIRST = 1_000
const PAGE = 5_000

/** @param after what came after this line; `null` for the last lines. @throws AppError `not_found`. */
export async function logsView(ctx: Ctx, name: string, after: number | null): Promise<LogsView> {
  const app = await appFor(ctx, name, "log:see")
  const [lines, running] = await Promise.all([
    after === null ? lastLines(ctx, app.name, FIRST) : linesAfter(ctx, app.name, after, PAGE),
    ctx.db
      .select({ id: replicas.id })
      .from(replicas)
      .where(and(eq(replicas.appId, app.id), isNull(replicas.endedAt)))
      .orderBy(asc(replicas.index)),
  ])
  return {
    lines: lines.map(shown),
    hasMore: after !== null && lines.length === PAGE,
    replicas: running.map(({ id }) => id),
  }
}

const shown = ({ at, ...line }: LogLine): LogLineView => ({ ...line, at: at.toISOString() })

export interface OutputView {
  lines: LogLineView[]
  /** Whether more came already. */
  hasMore: boolean
}

/** What one replica or one-off printed after a line. @throws AppError `not_found`. */
export async function outputView(ctx: Ctx, name: string, printer: string, after: number): Promise<OutputView> {
  const lines = await linesOf(ctx, name, printer, after, FIRST)
  return { lines: lines.map(shown), hasMore: lines.length === FIRST }
}
