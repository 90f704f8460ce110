import { eq } from "drizzle-orm"
import { apps, oneOffs, releases } from "@/db/schema"
import type { App } from "@/server/access"
import type { Cluster, OneOffWorld } from "@/server/drivers/cluster/port"
import type { Parts } from "@/server/kernel/context"
import { appendPlatformLine } from "@/server/logs"
import type { OneOff } from "@/server/one-offs"
import { commandLine } from "@/server/one-offs/command"
import { wake } from "@/server/wakes"
import type { Outcome, Reconciler } from "./loop"
import { judgeOneOff, VANISHED, type Verdict } from "./one-off-judge"
import { runEnvOf } from "./run-env"

export interface OneOffDeps extends Parts {
  cluster: Cluster
  /** Whether all that it printed is stored: until then what it printed to must stay. */
  isCollected(id: string): Promise<boolean>
}

/** The end of a container is heard at once; this repairs what was not. */
const LOOK_SECONDS = 2
/** Between SIGTERM and SIGKILL. */
const GRACE_SECONDS = 10
const COLLECT_SECONDS = 0.5
/** So long an ended container waits for a logger that is away. */
const KEPT_SECONDS = 3_600

/** One command from its wish to its end. It runs once at most: where nobody knows how it ended, it has failed. */
export function reconcileOneOff(deps: OneOffDeps): Reconciler {
  return async (id) => {
    const [row] = await deps.db
      .select({ oneOff: oneOffs, app: apps })
      .from(oneOffs)
      .innerJoin(apps, eq(apps.id, oneOffs.appId))
      .where(eq(oneOffs.id, id))
    if (!row) return "done"
    const { oneOff, app } = row
    const world = await deps.cluster.observeOneOff(refOf(app), id)
    switch (oneOff.state) {
      case "waiting":
        return begin(deps, app, oneOff, world)
      case "running":
        return follow(deps, app, oneOff, world)
      case "succeeded":
      case "failed":
      case "cancelled":
        return cleanUp(deps, app, oneOff, world)
    }
  }
}

/** Killed between the container and the row, the next look finds the container there. */
async function begin(deps: OneOffDeps, app: App, oneOff: OneOff, world: OneOffWorld): Promise<Outcome> {
  if (world.state === "absent") {
    if (oneOff.cancelRequestedAt) return finish(deps, oneOff, { state: "cancelled", exitCode: null, reason: oneOff.reason })
    const { id, command, size, timeLimitSeconds } = oneOff
    const { stack, env } = await runEnvOf(deps, app, oneOff.releaseId)
    await deps.cluster.runOneOff({ app: refOf(app), id, stack, env, command, size, timeLimitSeconds })
  }
  await deps.db.transaction(async (tx) => {
    const startedAt = world.state === "absent" ? deps.clock.now() : world.startedAt
    await tx.update(oneOffs).set({ state: "running", startedAt }).where(eq(oneOffs.id, oneOff.id))
    const [release] = await tx.select({ version: releases.version }).from(releases).where(eq(releases.id, oneOff.releaseId))
    await appendPlatformLine(tx, app, `${oneOff.id} runs in v${release?.version ?? "?"}: ${commandLine(oneOff.command)}`)
  })
  return { againInSeconds: 0 }
}

async function follow(deps: OneOffDeps, app: App, oneOff: OneOff, world: OneOffWorld): Promise<Outcome> {
  switch (world.state) {
    case "absent":
      return finish(deps, oneOff, oneOff.cancelRequestedAt ? { state: "cancelled", exitCode: null, reason: oneOff.reason } : VANISHED)
    case "running":
      if (oneOff.cancelRequestedAt) await deps.cluster.endOneOff(refOf(app), oneOff.id, GRACE_SECONDS)
      return { againInSeconds: LOOK_SECONDS }
    case "ended":
      return finish(deps, oneOff, judgeOneOff(oneOff, world), world.at)
  }
}

/** Once what it printed is stored, or nobody came for it. */
async function cleanUp(deps: OneOffDeps, app: App, oneOff: OneOff, world: OneOffWorld): Promise<Outcome> {
  if (world.state === "absent") return "done"
  const isOld = deps.clock.now().getTime() - (oneOff.endedAt?.getTime() ?? 0) > KEPT_SECONDS * 1000
  if (!isOld && !(await deps.isCollected(oneOff.id))) return { againInSeconds: COLLECT_SECONDS }
  await deps.cluster.removeOneOff(refOf(app), oneOff.id)
  return "done"
}

async function finish(deps: OneOffDeps, oneOff: OneOff, verdict: Verdict, endedAt = deps.clock.now()): Promise<Outcome> {
  await deps.db.transaction(async (tx) => {
    await tx
      .update(oneOffs)
      .set({ ...verdict, endedAt })
      .where(eq(oneOffs.id, oneOff.id))
    await appendPlatformLine(tx, { id: oneOff.appId }, `${oneOff.id}: ${verdict.reason ?? "It succeeded."}`)
    if (oneOff.rolloutId) await wake(tx, "app", oneOff.appId)
  })
  return { againInSeconds: 0 }
}

const refOf = ({ id, name, number }: App) => ({ id, name, number })
