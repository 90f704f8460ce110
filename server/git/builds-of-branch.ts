import { and, asc, desc, eq, inArray } from "drizzle-orm"
import type { Database, Transaction } from "@/db/client"
import { builds, users } from "@/db/schema"
import type { Push, UnderWay } from "./push"

/** The commit of a branch that was built last with success: what the branch must show. */
export async function newestBuilt(db: Database | Transaction, appId: string, branch: string): Promise<string | null> {
  const [row] = await db
    .select({ commit: builds.commit })
    .from(builds)
    .where(and(eq(builds.appId, appId), eq(builds.branch, branch), eq(builds.state, "succeeded")))
    .orderBy(desc(builds.number))
    .limit(1)
  return row?.commit ?? null
}

/** The builds of a branch that have not ended, oldest first. */
export async function underWay(db: Database | Transaction, push: Push, branch: string): Promise<UnderWay["builds"]> {
  const rows = await db
    .select({ number: builds.number, commit: builds.commit, userId: builds.userId, by: users.email })
    .from(builds)
    .leftJoin(users, eq(users.id, builds.userId))
    .where(and(eq(builds.appId, push.app.id), eq(builds.branch, branch), inArray(builds.state, ["queued", "building"])))
    .orderBy(asc(builds.number))
  return rows.map(({ userId, by, ...build }) => ({ ...build, by: by ?? "somebody", isMine: userId === push.actor.userId }))
}
