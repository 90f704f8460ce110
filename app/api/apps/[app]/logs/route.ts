import { sharedHub } from "@/server/events"
import { textStream } from "@/server/kernel/stream"
import { LogsQuery, logText } from "@/server/logs"
import { rest } from "@/server/next/rest"

export const dynamic = "force-dynamic"

/** `gigalixir logs`: plain text, as it comes. */
export const GET = rest<{ app: string }>(async (ctx, { params, query, request }) => {
  const { num_lines: lines, follow } = LogsQuery.parse(Object.fromEntries(query))
  const ending = new AbortController()
  const signal = AbortSignal.any([ending.signal, request.signal])
  const text = await logText(ctx, sharedHub(), params.app, { lines, follow, signal })
  // `no-transform` keeps Next from compressing it, which would hold lines back.
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache, no-transform" }
  return new Response(
    textStream(text, () => ending.abort()),
    { headers },
  )
})
