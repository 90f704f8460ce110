import { and, eq, inArray, isNull, sql } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { oneOffs } from "@/db/schema"
import { wake } from "@/server/wakes"

/**
 * Wishes that a one-off ends; its controller ends exactly its container. Repeatable; nothing happens to one that has ended.
 * @param reason what it will say when it has ended so. @returns whether this was the first wish for one that is open.
 */
export async function requestCancel(tx: Transaction, id: string, reason = "Cancelled."): Promise<boolean> {
  const [asked] = await tx
    .update(oneOffs)
    .set({ cancelRequestedAt: sql`now()`, reason })
    .where(and(eq(oneOffs.id, id), inArray(oneOffs.state, ["waiting", "running"]), isNull(oneOffs.cancelRequestedAt)))
    .returning({ id: oneOffs.id })
  if (asked) await wake(tx, "one_off", id)
  return asked !== undefined
}
