import type { Tone } from "@/components/ui/tone"
import type { AppState } from "@/server/apps/status"

/** How each state of an app looks. The sentence comes from the server: `statusOf`. */
export const stateLooks: Record<AppState, { label: string; tone: Tone; isBusy?: boolean }> = {
  down: { label: "Down", tone: "bad" },
  failed: { label: "Failed", tone: "bad" },
  degraded: { label: "Degraded", tone: "warn" },
  building: { label: "Building", tone: "info", isBusy: true },
  deploying: { label: "Deploying", tone: "info", isBusy: true },
  healthy: { label: "Healthy", tone: "good" },
  maintenance: { label: "Maintenance", tone: "warn" },
  stopped: { label: "Scaled to zero", tone: "neutral" },
  empty: { label: "Nothing pushed", tone: "neutral" },
}

/** Trouble first: the order of the list when sorted by state. */
export const statesByUrgency = Object.keys(stateLooks) as AppState[]
