import type { oneOffs } from "@/db/schema"

type OneOffState = (typeof oneOffs.$inferSelect)["state"]

const ENDED: Record<OneOffState, boolean> = { waiting: false, running: false, succeeded: true, failed: true, cancelled: true }

/** Whether it will not change any more. A pure module: pages read it too. */
export function isEnded(state: OneOffState): boolean {
  return ENDED[state]
}
