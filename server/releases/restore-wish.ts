import { and, desc, eq, inArray } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { apps, rollouts } from "@/db/schema"

/**
 * After a change that was taken back the app's row says again what runs: the wish says what the people asked for, and nobody
 * should read there of replicas that will never come. A newer wish that waits for its turn stands. Under the lock of the app.
 */
export async function restoreWish(tx: Transaction, appId: string): Promise<void> {
  const newest = async (...states: Array<(typeof rollouts.$inferSelect)["state"]>) => {
    const found = await tx
      .select()
      .from(rollouts)
      .where(and(eq(rollouts.appId, appId), inArray(rollouts.state, states)))
      .orderBy(desc(rollouts.createdAt))
      .limit(1)
    return found[0]
  }
  if (await newest("waiting")) return
  const runs =
    (await newest("releasing", "starting", "upgrading", "checking", "shifting", "settling", "draining")) ?? (await newest("settled"))
  if (runs) await tx.update(apps).set({ replicas: runs.replicas, size: runs.size }).where(eq(apps.id, appId))
}
