import "server-only"
import { notFound } from "next/navigation"
import { type BuildLinesView, buildLinesView } from "@/server/builds/views"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"

/** What fits into a page without delaying it; the browser reads on from there. */
const FIRST_LINES = 500

/** The first lines of a build's output. What one may not see is the page "not found". */
export async function firstBuildLines(ctx: Ctx, app: string, build: string): Promise<BuildLinesView> {
  try {
    return await buildLinesView(ctx, app, build, 0, FIRST_LINES)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "not_found") notFound()
    throw thrown
  }
}
