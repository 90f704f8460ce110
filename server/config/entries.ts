import { eq } from "drizzle-orm"
import { configEntries } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"

/** One key of a config version, sealed. */
export type Entry = Omit<typeof configEntries.$inferSelect, "configVersionId">
export type Entries = ReadonlyMap<string, Entry>

const { key, sealed, digest, setBy, setAt, configVersionId } = configEntries

export async function entriesOf(db: Ctx["db"], versionId: string): Promise<Map<string, Entry>> {
  const rows = await db.select({ key, sealed, digest, setBy, setAt }).from(configEntries).where(eq(configVersionId, versionId)).orderBy(key)
  return new Map(rows.map((row) => [row.key, row]))
}

/** Keys only, each list in order: what a page and the audit log may show of a change. */
export interface ConfigDiff {
  added: string[]
  changed: string[]
  removed: string[]
}

/** Tells by the digests, so that no value is opened. */
export function diffOf(before: Entries, after: Entries): ConfigDiff {
  const isSame = (name: string) => {
    const [old, now] = [before.get(name), after.get(name)]
    return old?.sealed === now?.sealed || old?.digest === now?.digest
  }
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).sort(),
    changed: [...after.keys()].filter((name) => before.has(name) && !isSame(name)).sort(),
    removed: [...before.keys()].filter((name) => !after.has(name)).sort(),
  }
}
