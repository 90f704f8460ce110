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

export function oneOffLook({ state, isCancelling }: Pick<OneOffView, "state" | "isCancelling">): Look {
  return isCancelling ? { ...states[state], label: "Being cancelled" } : states[state]
}

export const oneOffKinds: Record<OneOffView["kind"], { label: string; icon: LucideIcon }> = {
  command: { label: "Command", icon: SquareTerminal },
  migration: { label: "Migration", icon: Database },
  release_command: { label: "Release command", icon: Rocket },
}
