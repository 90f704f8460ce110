import { randomBytes } from "node:crypto"
import postgres from "postgres"
import { inject } from "vitest"
import { type Connection, connect } from "@/db/client"
import { migrate } from "@/db/migrate"
import { EMBEDDED_DATABASE, homeAt } from "@/server/kernel/home"

/** A new, migrated database on the run's PostgreSQL. Close it in `afterAll`. */
export async function testDatabase(): Promise<Connection> {
  const socketDir = inject("postgres")
  const name = `test_${randomBytes(6).toString("hex")}`
  const admin = postgres({ path: `${socketDir}/.s.PGSQL.5432`, username: EMBEDDED_DATABASE, database: "postgres", max: 1 })
  await admin`create database ${admin(name)}`
  await admin.end()
  const home = homeAt("/nowhere")
  const env = { databaseUrl: null, home: { ...home, postgres: { ...home.postgres, socketDir } } }
  const migrator = connect(env, { max: 1, database: name })
  await migrate(migrator, process.cwd())
  await migrator.close()
  return connect(env, { database: name })
}
