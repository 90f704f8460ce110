import type { Tone } from "@/components/ui/tone"
import type { RolloutView } from "@/server/releases/rollout-view"

interface Outcome {
  tone: Tone
  title: string
  /** What runs now. */
  text: string
}

type Facts = Pick<RolloutView, "state" | "version" | "kind" | "reason" | "servingVersion" | "cancelRequestedAt" | "cancelledBy" | "endedAt">

/** How a rollout ended or is ending, where that is not "well", and what runs now; `null` while there is nothing to say. Pure. */
export function outcomeOf(rollout: Facts): Outcome | null {
  const { state, reason, cancelRequestedAt, cancelledBy } = rollout
  const cancelled = `Cancelled${cancelledBy ? ` by ${cancelledBy}` : ""}.`
  switch (state) {
    case "reverting":
      return cancelRequestedAt
        ? { tone: "neutral", title: cancelled, text: `Going back. ${servesNow(rollout)}` }
        : { tone: "bad", title: reason ?? "It did not go well.", text: `Going back. ${servesNow(rollout)}` }
    case "reverted":
      return { tone: "bad", title: reason ?? "It did not go well.", text: `${takenBack(rollout)} ${servesNow(rollout)}` }
    case "failed":
      return { tone: "bad", title: reason ?? "It did not go well.", text: failedText(rollout) }
    case "cancelled":
      return { tone: "neutral", title: cancelled, text: servesNow(rollout) }
    case "superseded":
      return { tone: "neutral", title: reason ?? "A newer change took its place before it ran.", text: "" }
    default:
      return cancelRequestedAt && rollout.endedAt === null
        ? { tone: "neutral", title: cancelled, text: "It stops at the next safe moment." }
        : null
  }
}

function takenBack({ kind, version }: Facts): string {
  return kind === "scale" ? "The scaling was taken back." : `v${version} was taken back.`
}

function failedText(rollout: Facts): string {
  return rollout.servingVersion === null
    ? "There was nothing to go back to: nothing serves. Push a fix, or look at the logs."
    : servesNow(rollout)
}

function servesNow({ servingVersion, version }: Facts): string {
  if (servingVersion === null) return "Nothing serves yet."
  return servingVersion === version ? `v${servingVersion} runs as before.` : `v${servingVersion} serves.`
}
