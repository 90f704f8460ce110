import { appFor, seenAppIds } from "@/server/access"
import { sessionFromCookies } from "@/server/accounts"
import { changeStream, sharedHub } from "@/server/events"
import { type Ctx, makeCtx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { textStream } from "@/server/kernel/stream"
import { serverParts } from "@/server/next/parts"
import { rest } from "@/server/next/rest"

export const dynamic = "force-dynamic"

/** What goes stale on a page, as it does: `?app=<name>` for one app, else for all that one sees. */
export const GET = rest(async (ctx, { query, request }) => {
  const name = query.get("app")
  const only = name === null ? null : await appFor(ctx, name, "app:see")
  const ending = new AbortController()
  const options = {
    ...(only ? { app: only.id } : {}),
    visible: () => visibleTo(request, ctx, only?.name ?? null),
    signal: AbortSignal.any([ending.signal, request.signal]),
  }
  const stream = textStream(changeStream(sharedHub(), options), () => ending.abort())
  // `no-transform` keeps Next from compressing it, which would hold messages back.
  return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" } })
})

/** Asked again and again: a session that has ended, or a permission that was taken away, ends the stream. */
async function visibleTo(request: Request, opened: Ctx, appName: string | null): Promise<ReadonlySet<string> | null> {
  const parts = serverParts()
  const person = opened.actor.kind === "person" ? await sessionFromCookies(parts, request.headers.get("cookie")) : opened.actor
  if (!person) return null
  const ctx = makeCtx(parts, { actor: person })
  if (appName === null) return seenAppIds(ctx)
  return appFor(ctx, appName, "app:see").then(
    (app) => new Set([app.id]),
    (error: unknown) => {
      if (error instanceof AppError) return null
      throw error
    },
  )
}
