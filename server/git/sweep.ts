import { readdir, rm, stat } from "node:fs/promises"
import path from "node:path"
import { inArray } from "drizzle-orm"
import type { Database } from "@/db/client"
import { builds } from "@/db/schema"

/** Longer than any push takes from its first byte to its build. */
const OLD_MS = 24 * 3_600_000

/**
 * Removes what pushes left that ended with the machine: sources without a build, objects that were still coming in, repositories half
 * made. All others clean up after themselves. Repeatable. @returns how many files and folders went.
 */
export async function sweepLeftovers(db: Database, paths: { sources: string; repositories: string }, now = Date.now()): Promise<number> {
  const repositories = await entriesOf(paths.repositories)
  const halfMade = repositories.filter((entry) => entry.endsWith(".new"))
  const incoming = await Promise.all(
    repositories.map(async (repository) => {
      const objects = await entriesOf(path.join(repository, "objects"))
      return objects.filter((entry) => /^(tmp_objdir-)?incoming-/.test(path.basename(entry)))
    }),
  )
  const strays = await withoutBuild(db, await entriesOf(paths.sources))
  const old = await olderThan([...halfMade, ...incoming.flat(), ...strays], now - OLD_MS)
  await Promise.all(old.map((entry) => rm(entry, { recursive: true, force: true })))
  return old.length
}

async function withoutBuild(db: Database, sources: readonly string[]): Promise<string[]> {
  const idOf = (entry: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(path.basename(entry))?.[0] ?? ""
  const ids = [...new Set(sources.map(idOf).filter(Boolean))]
  const rows = ids.length > 0 ? await db.select({ id: builds.id }).from(builds).where(inArray(builds.id, ids)) : []
  const known = new Set(rows.map(({ id }) => id))
  // What is not named after a build is none of ours.
  return sources.filter((entry) => idOf(entry) !== "" && !known.has(idOf(entry)))
}

async function olderThan(entries: readonly string[], time: number): Promise<string[]> {
  const found = await Promise.all(entries.map(async (entry) => ({ entry, seen: await stat(entry).catch(() => null) })))
  return found.filter(({ seen }) => seen && seen.mtimeMs < time).map(({ entry }) => entry)
}

async function entriesOf(dir: string): Promise<string[]> {
  return (await readdir(dir).catch(() => [])).map((name) => path.join(dir, name))
}
