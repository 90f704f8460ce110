import { git } from "../command"
import { isZero, type PushPlan, planOf, type RefUpdate } from "../plan"
import type { FollowBuild, Push, UnderWay } from "../push"
import { sourcesAt } from "../sources"
import { Refusal, say } from "./say"
import { writeSource } from "./source"
import { ask, follow, type Verdict } from "./web"

/** Builds what is pushed, and refuses it when that fails: nothing of it is kept then. @returns the exit code. */
export async function preReceive(push: Push, updates: RefUpdate[]): Promise<number> {
  const plan = planOf(updates)
  if (!plan.build) {
    for (const sentence of new Set(plan.refused.values())) say(sentence)
    return plan.refused.size > 0 ? 1 : 0
  }
  const verdict = await build(push, updates, plan.build).catch((error: unknown): Verdict => {
    if (error instanceof Refusal) return { ok: false, reason: error.message }
    throw error
  })
  if (verdict.ok) return 0
  if (verdict.reason) say(verdict.reason)
  await sourcesAt(push.sources).remove(push.id)
  return 1
}

async function build(push: Push, updates: RefUpdate[], what: NonNullable<PushPlan["build"]>): Promise<Verdict> {
  await refuseToOverwrite(push, updates, what)
  await writeSource(push, what.commit)
  const message = await git(["log", "-1", "--format=%B", what.commit])
  const state: Omit<FollowBuild, "push"> = { commit: what.commit, branch: what.branch, message: message.trim(), build: null, after: 0 }
  return follow(
    push,
    "/builds",
    () => state,
    (told) => {
      if ("build" in told) state.build = told.build
      else say(told.line)
      if ("id" in told && told.id !== undefined) state.after = told.id
    },
  )
}

/**
 * Git refuses to lose what another person pushed in between; since our hook moves the branches, this does it in its place. One may
 * overwrite what oneself has pushed a moment ago, and what one has seen (`git push --force`).
 */
async function refuseToOverwrite(push: Push, updates: RefUpdate[], what: NonNullable<PushPlan["build"]>): Promise<void> {
  for (const { ref, before } of updates.filter((update) => what.refs.includes(update.ref))) {
    const now = await tipOf(ref)
    if (now === before || isZero(now) || (await contains(what.commit, now))) continue
    throw new Refusal("Somebody pushed in the meantime: git pull, then push again.")
  }
  const { builds } = await ask<UnderWay>(push, "/under-way", { branch: what.branch })
  for (const other of builds) {
    if (other.isMine || (await contains(what.commit, other.commit))) continue
    const whose = `Build #${other.number} of ${other.commit.slice(0, 7)} by ${other.by} is under way, and your push does not contain it`
    throw new Refusal(`${whose}: wait until it has ended, git pull, then push again.`)
  }
}

/** Whether `commit` comes after `earlier`, or is it. What we do not have, we do not come after. */
async function contains(commit: string, earlier: string): Promise<boolean> {
  return git(["merge-base", "--is-ancestor", earlier, commit]).then(
    () => true,
    () => false,
  )
}

async function tipOf(ref: string): Promise<string> {
  return (await git(["rev-parse", "--verify", "--quiet", ref]).catch(() => "")).trim() || "0"
}
