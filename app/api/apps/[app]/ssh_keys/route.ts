import { rest } from "@/server/next/rest"
import { keysOfApp } from "@/server/run-container"
import type { OfApp } from "../../shapes"

/** Who may enter a run container; asked by each of them every minute. `format=text`: an authorized_keys file. */
export const GET = rest<OfApp>(async (ctx, { params, query }) => {
  const keys = await keysOfApp(ctx, params.app)
  return query.get("format") === "text" ? new Response(keys.map((key) => `${key}\n`).join("")) : keys
})
