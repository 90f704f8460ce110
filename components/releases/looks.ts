import { ArrowUpFromLine, Hammer, KeyRound, type LucideIcon, Sprout, Undo2 } from "lucide-react"
import type { Tone } from "@/components/ui/tone"
import type { RolloutView } from "@/server/releases/rollout-view"

export const releaseKinds: Record<string, { label: string; icon: LucideIcon }> = {
  initial: { label: "Created", icon: Sprout },
  deploy: { label: "Deploy", icon: ArrowUpFromLine },
  config: { label: "Config change", icon: KeyRound },
  rollback: { label: "Rollback", icon: Undo2 },
  build: { label: "Build", icon: Hammer },
}

interface Look {
  label: string
  tone: Tone
  isBusy?: boolean
}

const BUSY = { tone: "info", isBusy: true } as const

const rolloutLooks: Record<RolloutView["state"], Look> = {
  waiting: { label: "Waiting", ...BUSY },
  releasing: { label: "Release command", ...BUSY },
  starting: { label: "Starting", ...BUSY },
  upgrading: { label: "Upgrading in place", ...BUSY },
  checking: { label: "Checking", ...BUSY },
  shifting: { label: "Shifting traffic", ...BUSY },
  settling: { label: "Live, being watched", ...BUSY },
  draining: { label: "Live, draining", ...BUSY },
  settled: { label: "Done", tone: "good" },
  reverting: { label: "Going back", tone: "bad", isBusy: true },
  reverted: { label: "Taken back", tone: "bad" },
  failed: { label: "Failed", tone: "bad" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  superseded: { label: "Replaced before it ran", tone: "neutral" },
}

const buildLooks: Record<string, Look> = {
  queued: { label: "Queued", ...BUSY },
  building: { label: "Building", ...BUSY },
  succeeded: { label: "Built", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  cancelled: { label: "Cancelled", tone: "neutral" },
}

const UNKNOWN: Look = { label: "Unknown", tone: "neutral" }

export const heldLook: Look = { label: "Held", tone: "warn" }

/** A release that was never rolled out waits for the next rollout. */
export function rolloutLook(state: RolloutView["state"] | null): Look {
  return state === null ? { label: "Not rolled out", tone: "neutral" } : rolloutLooks[state]
}

export function buildLook(state: string): Look {
  return buildLooks[state] ?? UNKNOWN
}
