import type { Tone } from "@/components/ui/tone"
import type { ReplicaView } from "@/server/apps/overview"
import { exitWords } from "@/server/apps/status"

const looks: Record<string, { label: string; tone: Tone; isBusy?: boolean }> = {
  starting: { label: "Starting", tone: "info", isBusy: true },
  healthy: { label: "Healthy", tone: "good" },
  unhealthy: { label: "Unhealthy", tone: "bad" },
  draining: { label: "Finishing its requests", tone: "neutral", isBusy: true },
  stopping: { label: "Ending", tone: "neutral", isBusy: true },
  waiting: { label: "Crashed, starts again soon", tone: "bad", isBusy: true },
  exited: { label: "Ended", tone: "neutral" },
}

export function replicaLook(state: string) {
  return looks[state] ?? { label: state, tone: "neutral" as const }
}

/** What is worth knowing of its past; `null` when it never ended. Pure. */
export function restartsInWords({ restarts, lastExit }: Pick<ReplicaView, "restarts" | "lastExit">): string | null {
  if (restarts === 0 && !lastExit) return null
  const times = restarts === 1 ? "Restarted once" : `Restarted ${restarts} times`
  if (!lastExit) return `${times}.`
  return restarts === 0 ? `It ${exitWords(lastExit)}.` : `${times}: it ${exitWords(lastExit)}.`
}
