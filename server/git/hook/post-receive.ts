import { planOf, type RefUpdate } from "../plan"
import type { Push } from "../push"
import { say } from "./say"
import { follow } from "./web"

/** Follows the rollout of what was pushed and says how it ended. The push itself has succeeded, whatever comes of it. */
export async function postReceive(push: Push, updates: RefUpdate[]): Promise<number> {
  const { build } = planOf(updates)
  if (!build) return 0
  const seen = new Set<string>()
  let after = 0
  const verdict = await follow(
    push,
    "/rollouts",
    () => ({ commit: build.commit, after }),
    (told) => {
      if (!("line" in told)) return
      // After a lost connection all is told again; no line of a rollout comes twice. What its release command prints may.
      if (told.id === undefined && told.line !== "" && seen.has(told.line)) return
      if (told.id === undefined) seen.add(told.line)
      else after = told.id
      say(told.line)
    },
  )
  if (verdict.reason) say(verdict.reason)
  return verdict.ok ? 0 : 1
}
