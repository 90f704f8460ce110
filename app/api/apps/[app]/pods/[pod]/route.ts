import { appInfo, killReplica } from "@/server/apps"
import { AppError } from "@/server/kernel/errors"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../../shapes"

/** `gigalixir ps:kill`: the client shows the body of a 404 as it is. */
export const DELETE = rest<OfApp & { pod: string }>(
  async (ctx, { params }) => {
    await appInfo(ctx, params.app)
    try {
      await killReplica(ctx, { app: params.app, replica: params.pod })
      return {}
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== "not_found") throw thrown
      return Response.json({ data: thrown.message }, { status: 404 })
    }
  },
  { ok: 202 },
)
