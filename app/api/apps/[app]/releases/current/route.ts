import { addressesOf } from "@/server/apps"
import { fieldError } from "@/server/kernel/errors"
import { serverParts } from "@/server/next/parts"
import { rest } from "@/server/next/rest"
import { slugStore } from "@/server/next/slug-store"
import { releaseEnv0, releaseJson, runRelease } from "@/server/run-container"
import type { OfApp } from "../../../shapes"

/** What a run container fetches at its start. `version`: of the release that it was made for. */
export const GET = rest<OfApp>(async (ctx, { params, query }) => {
  const run = await runRelease(ctx, slugStore(), params.app, versionOf(query.get("version")))
  if (query.get("format") !== "env0") return releaseJson(run)
  const host = new URL(addressesOf(serverParts().env, run.app).url).hostname
  return new Response(releaseEnv0(run, host), { headers: { "content-type": "application/octet-stream", "cache-control": "no-store" } })
})

function versionOf(text: string | null): number | null {
  if (!text) return null
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw fieldError("version", "is a release's number.")
  return Number(text)
}
