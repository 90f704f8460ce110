import { queries } from "@/app/data/queries"
import type { ViewName } from "@/components/live/views"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { rest } from "@/server/next/rest"

/** What the dashboard reads again when it went stale. Answers as the page's own render does. */
export const GET = rest<{ query: string }>(async (ctx, { params, query }) => {
  if (!Object.hasOwn(queries, params.query)) throw new AppError("not_found", "There is no such view.")
  return answer(params.query as ViewName, ctx, query.get("params") ?? "{}")
})

function answer(name: ViewName, ctx: Ctx, raw: string): Promise<unknown> {
  // Each view's own schema checks its own parameters: the types of the pair are equal by construction.
  const { params, view } = queries[name] as {
    params: { parse(value: unknown): object }
    view: (ctx: Ctx, params: object) => Promise<unknown>
  }
  return view(ctx, params.parse(parsedJson(raw)))
}

function parsedJson(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch (cause) {
    throw new AppError("invalid", "The parameters are not valid JSON.", { cause })
  }
}
