import { z } from "zod"
import { appFor } from "@/server/access"
import type { Hub } from "@/server/events"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { type LogLine, lastLines, linesAfter } from "./queries"

const MOST_LINES = 10_000
const PAGE = 1_000
const LOOK_AT_LEAST_EVERY_MS = 5_000

/** The query as the CLI sends it (gigalixir.md A.5): `num_lines` may be missing, `follow` is Python's `True` or `False`. */
export const LogsQuery = z.object({
  num_lines: z.coerce.number().int().min(0).max(MOST_LINES).default(100),
  follow: z
    .string()
    .default("True")
    .transform((text) => !/^(false|0|no)$/i.test(text)),
})

/** A line as Gigalixir prints it (C.13): `2019-02-18T21:50:05.254407+00:00 <app>[<who>]: text`. Pure. */
function formatLine(app: string, line: LogLine): string {
  const who = line.source === "app" ? line.replica : line.source === "platform" ? "phial" : line.source
  return `${line.at.toISOString().replace(/Z$/, "000+00:00")} ${app}[${who}]: ${line.text}\n`
}

/**
 * The last lines of an app as text and, if wished, what comes after as it comes, until the signal, or until one may not see it any more.
 * @throws AppError before the first piece: `not_found`, `forbidden`.
 */
export async function logText(
  ctx: Ctx,
  hub: Hub,
  app: string,
  { lines, follow, signal }: { lines: number; follow: boolean; signal: AbortSignal },
): Promise<AsyncGenerator<string, void, void>> {
  const { id } = await appFor(ctx, app, "log:see")
  const first = await lastLines(ctx, app, Math.max(lines, 1))
  return pieces()

  async function* pieces(): AsyncGenerator<string, void, void> {
    let last = first.at(-1)?.id ?? 0
    yield textOf(lines === 0 ? [] : first)
    if (!follow) return
    for await (const _ of hub.looks({ app: id, tables: ["log_lines"] }, { atLeastEveryMs: LOOK_AT_LEAST_EVERY_MS, signal })) {
      for (let page = await next(); page?.length !== 0; page = await next()) {
        if (!page) return
        last = page.at(-1)?.id ?? last
        yield textOf(page)
      }
    }

    /** `null` when one may not see them any more. */
    async function next(): Promise<LogLine[] | null> {
      return linesAfter(ctx, app, last, PAGE).catch((error: unknown) => {
        if (error instanceof AppError) return null
        throw error
      })
    }
  }

  function textOf(some: readonly LogLine[]): string {
    return some.map((line) => formatLine(app, line)).join("")
  }
}
