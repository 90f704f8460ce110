import { Database, type LucideIcon, Rocket, SquareTerminal } from "lucide-react"
import type { Tone } from "@/components/ui/tone"
import type { OneOffView } from "@/server/one-offs/views"

interface Look {
  label: string
  tone: Tone
  isBusy?: boolean
}

const states: Record<OneOffView["state"], Look> = {
  waiting: { label: "Waiting", tone: "info", isBusy: true },
  running: { label: "Running", tone: "info", isBusy: true },
  succeeded: { label: "Succeeded", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  cancelled: { label: "Cancelled", tone: "neutral" },
}

export function oneOffLook({ state, isCancelling, exitCode }: Pick<OneOffView, "state" | "isCancelling" | "exitCode">): Look {
  if (isCancelling) return { ...states[state], label: "Being cancelled" }
  return state === "failed" && exitCode !== null ? { ...states.failed, label: `Failed (exit code ${exitCode})` } : states[state]
}

export const oneOffKinds: Record<OneOffView["kind"], { label: string; icon: LucideIcon }> = {
  command: { label: "Command", icon: SquareTerminal },
  migration: { label: "Migration", icon: Database },
  release_command: { label: "Release command", icon: Rocket },
}
