import { rest } from "@/server/next/rest"
import { migrateCommand } from "@/server/run-container"
import type { OfApp } from "../../../shapes"

/** The expression that a run container evaluates to migrate. */
export const GET = rest<OfApp>((ctx, { params, query }) => migrateCommand(ctx, params.app, query.get("migration_app_name") || null))
