import type { Transaction } from "@/db/client"
import type { App } from "@/server/access"
import { makeCtx, type Parts } from "@/server/kernel/context"
import { addOneOff, type OneOff, oneOffOfRollout, requestCancel } from "@/server/one-offs"
import { isEnded } from "@/server/one-offs/state"
import type { Rollout } from "@/server/releases"
import { cancelReason } from "./rollout-cancel"
import type { Verdict } from "./rollout-judge"

/** Those that make a new release run. What only makes more of a release, or makes it anew, has nothing to prepare. */
const NEEDS_RELEASE_COMMAND: Record<Rollout["kind"], boolean> = { deploy: true, config: true, rollback: true, scale: false, restart: false }

/** The logger may be away; the rollout does not wait for it for long. */
const LINES_SECONDS = 5

/** What is run before anything is started; `null`: nothing. */
export function releaseCommandOf(app: Pick<App, "settings">, { kind }: Pick<Rollout, "kind">): string[] | null {
  const { command } = app.settings.releaseCommand
  return command !== "" && NEEDS_RELEASE_COMMAND[kind] ? ["sh", "-c", command] : null
}

/** Wishes the one-off of a rollout that begins. Repeatable. */
export async function addReleaseCommand(tx: Transaction, deps: Parts, app: App, rollout: Rollout, command: string[]): Promise<void> {
  await addOneOff(tx, makeCtx(deps, { actor: { kind: "system", via: "system" } }), app, {
    kind: "release_command",
    releaseId: rollout.releaseId,
    rolloutId: rollout.id,
    command,
    size: rollout.size,
    timeLimitSeconds: app.settings.releaseCommand.timeLimitSeconds,
  })
}

/**
 * What comes next while the release command runs. Its end is waited for in any case, also by one who cancels: the next rollout's
 * command must not begin beside it.
 */
export async function judgeReleaseCommand(deps: Parts, rollout: Rollout, good: Rollout | null): Promise<Verdict> {
  const oneOff = await oneOffOfRollout(deps.db, rollout.id)
  const outcome = good ? "reverted" : "failed"
  if (!oneOff) return { kind: "ended", state: outcome, reason: "The release command is gone: roll out again." }
  const cancelled = rollout.cancelRequestedAt && (await cancelReason(deps.db, rollout))
  if (cancelled) await deps.db.transaction((tx) => requestCancel(tx, oneOff.id, cancelled))
  if (!isEnded(oneOff.state)) return { kind: "goes_on", state: "releasing" }
  if (cancelled) return { kind: "ended", state: "cancelled", reason: cancelled }
  if (oneOff.state === "succeeded") return { kind: "goes_on", state: "starting" }
  return {
    kind: "ended",
    state: outcome,
    reason: sentenceOf(oneOff),
    culprit: { id: oneOff.id, waitUntil: linesBy(oneOff) },
  }
}

/** A one-off speaks of itself, and of being run once more. */
function sentenceOf({ reason }: Pick<OneOff, "reason">): string {
  if (!reason?.startsWith("It ")) return `The release command failed: ${reason ?? "its last lines say why."}`
  return `The release command ${reason.slice("It ".length).replace("run it with", "give it")}`
}

function linesBy({ endedAt }: Pick<OneOff, "endedAt">): Date | null {
  return endedAt && new Date(endedAt.getTime() + LINES_SECONDS * 1000)
}
