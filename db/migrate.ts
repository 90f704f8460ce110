import path from "node:path"
import { migrate as drizzleMigrate } from "drizzle-orm/postgres-js/migrator"
import type { Connection } from "./client"

/** An arbitrary constant of ours: whoever holds this advisory lock migrates, the others wait. */
const MIGRATION_LOCK = 7_441_913

/**
 * Brings the schema up to date; safe to call from several processes at once.
 * @param connection opened with `max: 1`: the lock belongs to the connection.
 * @param root the checkout, where `db/migrations` lies.
 */
export async function migrate(connection: Connection, root: string): Promise<void> {
  await connection.sql`select pg_advisory_lock(${MIGRATION_LOCK})`
  try {
    await drizzleMigrate(connection.db, { migrationsFolder: path.join(root, "db/migrations") })
  } finally {
    await connection.sql`select pg_advisory_unlock(${MIGRATION_LOCK})`
  }
}
