import { stat } from "node:fs/promises"
import type { Database } from "@/db/client"
import { offsetsOf } from "./store"
import { fileId } from "./tail"

/**
 * Whether all that something printed is stored, when it prints no more: also the line that it did not finish. Of a file that is
 * gone there is nothing left to store.
 */
export async function isCollected(db: Database, id: string, logFile: string): Promise<boolean> {
  const found = await stat(logFile, { bigint: true }).catch(() => null)
  if (!found || found.size === 0n) return true
  const stored = (await offsetsOf(db, [id])).get(id)
  if (!stored || stored.file !== fileId(found)) return false
  return BigInt(stored.position) >= found.size && Object.keys(stored.partial).length === 0
}
