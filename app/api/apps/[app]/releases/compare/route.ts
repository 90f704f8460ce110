import { compareReleases } from "@/server/config"
import { fieldError } from "@/server/kernel/errors"
import { rest } from "@/server/next/rest"
import { comparedShape, type OfApp } from "../../../shapes"

/** Ours: what differs between two releases, as `?from=3&to=5`. Keys of the config, never values. */
export const GET = rest<OfApp>(async (ctx, { params, query }) => {
  const { from, to, config } = await compareReleases(ctx, params.app, versionOf(query, "from"), versionOf(query, "to"))
  return { from: comparedShape(from), to: comparedShape(to), is_same_slug: from.slug?.sha256 === to.slug?.sha256, config }
})

function versionOf(query: URLSearchParams, field: "from" | "to"): number {
  const text = query.get(field) ?? ""
  if (!/^v?[1-9]\d{0,8}$/.test(text)) throw fieldError(field, "is a release's number.")
  return Number(text.replace("v", ""))
}
