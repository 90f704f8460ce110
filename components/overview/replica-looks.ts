import { leftInWords } from "@/components/releases/left-words"
import type { Tone } from "@/components/ui/tone"
import type { ReplicaView } from "@/server/apps/overview"
import { exitWords } from "@/server/apps/status"

const looks: Record<string, { label: string; tone: Tone; isBusy?: boolean }> = {
  starting: { label: "Starting", tone: "info", isBusy: true },
  healthy: { label: "Healthy", tone: "good" },
  unhealthy: { label: "Unhealthy", tone: "bad" },
  draining: { label: "Draining", tone: "neutral", isBusy: true },
  stopping: { label: "Ending", tone: "neutral", isBusy: true },
  waiting: { label: "Crashed, starts again soon", tone: "bad", isBusy: true },
  exited: { label: "Ended", tone: "neutral" },
}

export function replicaLook(state: string) {
  return looks[state] ?? { label: state, tone: "neutral" as const }
}

/** Those that serve first, those that end last. Pure. */
export function inOrderOfUse(replicas: readonly ReplicaView[]): ReplicaView[] {
  const rank = ({ state, traffic }: ReplicaView) => (isEnding(state) ? 2 : traffic === "active" ? 0 : 1)
  return [...replicas].sort((a, b) => rank(a) - rank(b))
}

/** "2 of 2 healthy; 3 more start; 2 stand by; 1 drains". Pure. */
export function replicasInWords(replicas: readonly ReplicaView[], wanted: number): string {
  const ending = replicas.filter(({ state }) => isEnding(state)).length
  const healthy = replicas.filter(({ state, traffic }) => state === "healthy" && traffic === "active").length
  const waiting = replicas.filter(({ state, traffic }) => traffic === "none" && (state === "starting" || state === "healthy")).length
  const standing = replicas.filter(({ state, traffic }) => traffic === "standby" && !isEnding(state)).length
  const more = Math.max(0, healthy + waiting - wanted)
  return [
    `${healthy} of ${wanted} healthy`,
    ...(more > 0 ? [`${more} more ${more === 1 ? "starts" : "start"}`] : []),
    ...(standing > 0 ? [`${standing} ${standing === 1 ? "stands by" : "stand by"}`] : []),
    ...(ending > 0 ? [`${ending} ${ending === 1 ? "drains" : "drain"}`] : []),
  ].join("; ")
}

const isEnding = (state: string) => state === "draining" || state === "stopping"

/** Why a healthy one gets no requests, or what one that drains has left; `null` when neither. Pure. */
export function trafficInWords({ state, traffic, openRequests, openSockets }: ReplicaView): string | null {
  if (state === "draining") return leftInWords({ openRequests, openSockets })
  if (state !== "healthy" || traffic === "active") return null
  return traffic === "standby" ? "stands by" : "gets no requests yet"
}

/** What is worth knowing of its past; `null` when it never ended. Pure. */
export function restartsInWords({ restarts, lastExit }: Pick<ReplicaView, "restarts" | "lastExit">): string | null {
  if (restarts === 0 && !lastExit) return null
  const times = restarts === 1 ? "Restarted once" : `Restarted ${restarts} times`
  if (!lastExit) return `${times}.`
  return restarts === 0 ? `It ${exitWords(lastExit)}.` : `${times}: it ${exitWords(lastExit)}.`
}
