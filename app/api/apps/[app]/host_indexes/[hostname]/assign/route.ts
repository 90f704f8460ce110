import { rest } from "@/server/next/rest"
import { hostIndex } from "@/server/run-container"
import type { OfApp } from "../../../../shapes"

/** A run container's HOST_INDEX. */
export const GET = rest<OfApp & { hostname: string }>(async (ctx, { params }) => ({
  index: await hostIndex(ctx, params.app, params.hostname),
}))
