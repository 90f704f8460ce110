import { rest } from "@/server/next/rest"
import { oneOffOf, runOneOff } from "@/server/one-offs"
import { RunOneOffInput } from "@/server/one-offs/schema"
import { inCamelCase, type OfApp, oneOffShape } from "../../shapes"

/** `gigalixir run`: its end is not waited for; what it prints is in the log. `size` and `time_limit_seconds` are ours. */
export const POST = rest<OfApp>(async (ctx, { params, body }) => {
  const { command, size, time_limit_seconds } = body
  const input = RunOneOffInput.parse({ app: params.app, command, ...(inCamelCase({ size, time_limit_seconds }) as object) })
  const { id } = await runOneOff(ctx, input)
  return oneOffShape(await oneOffOf(ctx, params.app, id))
})
