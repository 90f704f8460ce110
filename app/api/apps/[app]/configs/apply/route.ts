import { applyHeldConfig } from "@/server/config"
import { rest } from "@/server/next/rest"
import { configShape, type OfApp } from "../../../shapes"

/** Ours: rolls out a config that was held until the next deploy. */
export const POST = rest<OfApp>(async (ctx, { params }) => configShape(await applyHeldConfig(ctx, { app: params.app })))
