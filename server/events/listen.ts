import { setTimeout as pause } from "node:timers/promises"
import postgres, { type Options, type Sql } from "postgres"
import type { Connection } from "@/db/client"

export interface Listener {
  /** For each notice, with its payload. */
  onNotice(payload: string): void
  /** Each time that we listen (again): what was said before then is lost, so look at everything. */
  onListening(): void
}

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000

/**
 * Listens on a channel until stopped, over a connection of its own. postgres.js's `listen` gives up silently when its first attempt to
 * connect again fails, as it does while PostgreSQL restarts: this one goes on trying.
 * @param driver tells where the database is.
 */
export function listenForever(driver: Connection["sql"], channel: string, listener: Listener): { stop(): Promise<void> } {
  let isStopping = false
  let current: Sql | null = null

  async function run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    while (!isStopping) {
      const line = dedicated(driver, listener)
      current = line.sql
      try {
        await line.sql.unsafe(`listen ${channel}`)
        retryMs = FIRST_RETRY_MS
        listener.onListening()
        await line.closed
      } catch {
        // The database is away: the pause below, then again.
      }
      await line.sql.end({ timeout: 0 }).catch(() => undefined)
      if (!isStopping) await pause(retryMs, undefined, { ref: false })
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
    }
  }

  const running = run()
  return {
    async stop() {
      isStopping = true
      await current?.end({ timeout: 1 }).catch(() => undefined)
      await running
    },
  }
}

function dedicated(driver: Connection["sql"], listener: Listener): { sql: Sql; closed: Promise<void> } {
  let onClose: () => void = () => undefined
  const closed = new Promise<void>((resolve) => {
    onClose = resolve
  })
  const own = {
    max: 1,
    idle_timeout: null,
    max_lifetime: null,
    fetch_types: false,
    onclose: () => onClose(),
    onnotify: (_channel: string, payload: string) => listener.onNotice(payload),
  }
  // postgres.js takes its own parsed options again, and `onnotify`, as its `listen` does; its types know neither.
  const sql = postgres({ ...driver.options, ...own } as unknown as Options<Record<string, never>>)
  return { sql, closed }
}
