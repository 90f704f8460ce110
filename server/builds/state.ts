import type { builds } from "@/db/schema"

type BuildState = (typeof builds.$inferSelect)["state"]

const ENDED: Record<BuildState, boolean> = { queued: false, building: false, succeeded: true, failed: true, cancelled: true }

/** Whether it will not change any more. A pure module: pages read it too. */
export function isEnded(state: BuildState): boolean {
  return ENDED[state]
}
