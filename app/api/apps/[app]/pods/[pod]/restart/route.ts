import { restartReplica } from "@/server/apps"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../../../shapes"

/** Ours: another replica takes its place, then it goes. */
export const PUT = rest<OfApp & { pod: string }>(async (ctx, { params }) => {
  const { id } = await restartReplica(ctx, { app: params.app, replica: params.pod })
  return { rollout: id }
})
