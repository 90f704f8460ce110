import { setTimeout as pause } from "node:timers/promises"
import { connect } from "@/db/client"
import { migrate } from "@/db/migrate"
import { users } from "@/db/schema"
import { type Env, readEnv } from "@/server/kernel/env"

// A program of its own, ended when it is done: the supervisor lives for as long as Phial does and should not carry what a start needs once.
const WITHIN_MS = 60_000
const POLL_MS = 250

const env = readEnv()
await bringUpToDate(env)
process.stdout.write(JSON.stringify({ hasAccounts: await hasAccounts(env) }))

/** Tries for a minute: a database of one's own may start at the same time as we do. */
async function bringUpToDate(env: Env): Promise<void> {
  const deadline = Date.now() + WITHIN_MS
  for (;;) {
    const connection = connect(env, { max: 1 })
    try {
      return await migrate(connection, env.root)
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(POLL_MS)
    } finally {
      await connection.close()
    }
  }
}

async function hasAccounts(env: Env): Promise<boolean> {
  const { db, close } = connect(env, { max: 1 })
  const rows = await db.select({ id: users.id }).from(users).limit(1).finally(close)
  return rows.length > 0
}
