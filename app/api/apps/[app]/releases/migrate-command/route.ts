import { rest } from "@/server/next/rest"
import { migrateCommand } from "@/server/run-container"
import type { OfApp } from "../../../shapes"

/** The expression that a run container evaluates to migrate. `format=text`: it alone. */
export const GET = rest<OfApp>(async (ctx, { params, query }) => {
  const expression = await migrateCommand(ctx, params.app, query.get("migration_app_name") || null)
  return query.get("format") === "text" ? new Response(expression) : expression
})
