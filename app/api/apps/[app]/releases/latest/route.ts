import { rest } from "@/server/next/rest"
import { latestRelease } from "@/server/releases"
import { type OfApp, releaseShape } from "../../../shapes"

/** What `gigalixir ps:distillery` asks for: the name under `bin/`. */
export const GET = rest<OfApp>(async (ctx, { params }) => {
  const release = await latestRelease(ctx, params.app)
  return { ...releaseShape(release), customer_app_name: release.slug?.meta.releaseName ?? null }
})
