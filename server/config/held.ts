import { and, desc, eq, inArray } from "drizzle-orm"
import { releases, rollouts } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { currentRelease } from "@/server/releases"
import { RUNS_OR_WILL } from "@/server/releases/rollout-states"
import { type ConfigDiff, diffOf, entriesOf } from "./entries"

/** What differs between the config of the newest release and that of the one that runs. */
export interface HeldConfig extends ConfigDiff {
  /** Of the release that has it. */
  version: number
  /** Of the release that runs, or is being rolled out. */
  running: number
  /** `held`: it waits for the next deploy, as was wished. `taken_back`: it was rolled out and did not stay. */
  why: "held" | "taken_back"
}

/** @returns `null` when what runs has the newest config, or nothing was ever rolled out. */
export async function heldConfig(db: Ctx["db"], appId: string): Promise<HeldConfig | null> {
  const [newest, running] = [await currentRelease(db, appId), await runningRelease(db, appId)]
  if (!newest || !running || newest.configVersionId === running.configVersionId) return null
  const diff = diffOf(await entriesOf(db, running.configVersionId), await entriesOf(db, newest.configVersionId))
  if (diff.added.length + diff.changed.length + diff.removed.length === 0) return null
  return { ...diff, version: newest.version, running: running.version, why: (await wasRolledOut(db, newest.id)) ? "taken_back" : "held" }
}

/** Of the newest rollout that was not given up: what runs, or will in a moment. */
async function runningRelease(db: Ctx["db"], appId: string): Promise<{ version: number; configVersionId: string } | undefined> {
  const { version, configVersionId } = releases
  const [row] = await db
    .select({ version, configVersionId })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .where(and(eq(rollouts.appId, appId), inArray(rollouts.state, RUNS_OR_WILL)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  return row
}

async function wasRolledOut(db: Ctx["db"], releaseId: string): Promise<boolean> {
  const [row] = await db.select({ id: rollouts.id }).from(rollouts).where(eq(rollouts.releaseId, releaseId)).limit(1)
  return row !== undefined
}
