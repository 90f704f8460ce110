import { setStack } from "@/server/apps"
import { SetStackInput } from "@/server/apps/schema"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../shapes"

/** `gigalixir stack:set`: from the next build on. */
export const PUT = rest<OfApp>(async (ctx, { params, body }) => setStack(ctx, SetStackInput.parse({ app: params.app, stack: body.stack })))
