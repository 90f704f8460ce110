import { git } from "../command"
import { FLUSH, packet, packetReader } from "../packet"
import { planOf, updatesFrom } from "../plan"
import type { Push } from "../push"
import { ask } from "./web"

/**
 * Moves the branches after the build (git's proc-receive protocol, githooks(5)). Git itself would refuse when another push, built
 * meanwhile, has moved the branch already; here a branch follows the newest build of it that succeeded.
 */
export async function procReceive(push: Push): Promise<number> {
  const read = packetReader(process.stdin)
  await read()
  process.stdout.write(`${packet("version=1")}${FLUSH}`)
  const updates = updatesFrom((await read()).join("\n"))
  const plan = planOf(updates)
  for (const { ref } of updates) {
    const why = plan.refused.get(ref) ?? (plan.build && (await moved(push, ref, plan.build)))
    process.stdout.write(packet(why ? `ng ${ref} ${why}` : `ok ${ref}`))
  }
  process.stdout.write(FLUSH)
  return 0
}

const MOST_TRIES = 20
const ZERO = "0".repeat(40)

/** @returns why not, or `null`. */
async function moved(push: Push, ref: string, build: { commit: string; branch: string }): Promise<string | null> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const now = (await git(["rev-parse", "--verify", "--quiet", ref]).catch(() => "")).trim() || ZERO
    const newest = await ask<{ commit: string | null }>(push, "/branch", { branch: build.branch })
    // A newer build moved it, or is about to: its push has that commit's objects.
    if (newest.commit !== build.commit) return null
    const isMoved = await git(["update-ref", ref, build.commit, now]).then(
      () => true,
      () => false,
    )
    if (!isMoved) continue
    await pointHeadAt(ref)
    return null
  }
  return "the branch could not be moved: push again"
}

/** A clone checks out what HEAD names: the first branch that was pushed. */
async function pointHeadAt(ref: string): Promise<void> {
  const isThere = await git(["rev-parse", "--verify", "--quiet", "HEAD"]).then(
    () => true,
    () => false,
  )
  if (!isThere) await git(["symbolic-ref", "HEAD", ref])
}
