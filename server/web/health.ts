import { sql } from "drizzle-orm"
import type { Database } from "@/db/client"

export interface PartHealth {
  isUp: boolean
  /** In words, where it is down. */
  detail: string
}

export interface Health {
  isUp: boolean
  parts: Record<string, PartHealth>
}

interface SeenPart {
  part: string
  at: Date
  isAlive: boolean
}

/** Without these nothing can be built, run or read. The controller vouches for the edge and the runner, once it has seen them. */
const NEEDED = ["controller", "logger"] as const

/**
 * Whether Phial is up, part by part.
 * @param seen which parts told that they live, and when; throws when the database is away.
 */
export async function healthOf(db: Database, seen: (db: Database) => Promise<SeenPart[]>): Promise<Health> {
  const parts: Record<string, PartHealth> = { web: { isUp: true, detail: "" } }
  try {
    await db.execute(sql`select 1`)
    parts.database = { isUp: true, detail: "" }
    const rows = await seen(db)
    for (const { part, at, isAlive } of rows) parts[part] = { isUp: isAlive, detail: isAlive ? "" : `Last seen ${at.toISOString()}.` }
    for (const part of NEEDED) parts[part] ??= { isUp: false, detail: "Not seen yet." }
    // This very answer shows that it lives, also in the first moments after a restart.
    parts.web = { isUp: true, detail: "" }
  } catch {
    parts.database = { isUp: false, detail: "PostgreSQL does not answer." }
  }
  return { isUp: Object.values(parts).every((part) => part.isUp), parts }
}
