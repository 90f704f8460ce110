import { appInfo } from "@/server/apps"
import { AppError } from "@/server/kernel/errors"
import { rest } from "@/server/next/rest"
import { notYet, type OfApp } from "../../shapes"

/** What Gigalixir has below an app and Phial has not, by the first part of its path. */
const MISSING: Record<string, string> = {
  "observer-commands": "the observer by the command line",
  canaries: "canaries",
  domains: "custom domains",
  drains: "log drains",
  databases: "databases",
  free_databases: "databases",
  flame: "FLAME",
}

const answer = rest<OfApp>(async (ctx, { params, request }) => {
  await appInfo(ctx, params.app)
  const [, , , , part = ""] = new URL(request.url).pathname.split("/")
  const what = MISSING[part]
  if (!what) throw new AppError("not_found", "There is nothing here: check the path.")
  return notYet(what)
})

export { answer as DELETE, answer as GET, answer as POST, answer as PUT }
