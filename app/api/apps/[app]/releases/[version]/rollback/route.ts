import { rest } from "@/server/next/rest"
import { releaseByVersion, rollback } from "@/server/releases"
import { RollbackInput } from "@/server/releases/schema"
import { type OfApp, releaseShape } from "../../../../shapes"

/** `gigalixir releases:rollback` */
export const POST = rest<OfApp & { version: string }>(async (ctx, { params }) => {
  const { version } = await rollback(ctx, RollbackInput.parse(params))
  return releaseShape(await releaseByVersion(ctx, params.app, version))
})
