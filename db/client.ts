import { createConnection, type Socket } from "node:net"
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js"
import postgres, { type Sql } from "postgres"
import type { Env } from "@/server/kernel/env"
import { EMBEDDED_DATABASE } from "@/server/kernel/home"
import * as schema from "./schema"

export type Schema = typeof schema
export type Database = PostgresJsDatabase<Schema>
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0]

export interface Connection {
  db: Database
  /** The driver itself: for LISTEN, COPY and what drizzle has no words for. */
  sql: Sql
  close(): Promise<void>
}

/**
 * Opens a pool.
 * @param options.max connections; one-off tools take 1.
 * @param options.database another database of the same server: the tests make one each.
 */
export function connect(env: Pick<Env, "databaseUrl" | "home">, options: { max?: number; database?: string } = {}): Connection {
  const settings = {
    max: options.max ?? 10,
    onnotice: () => undefined,
    backoff: secondsBeforeAttempt,
    // We have no arrays; and a server that dies while it is asked for their types makes whoever waits for that connection wait for ever.
    fetch_types: false,
    connection: { application_name: "phial" },
    ...(options.database ? { database: options.database } : {}),
  }
  const sql = env.databaseUrl
    ? postgres(env.databaseUrl, { ...settings, ...overTcp } as typeof settings)
    : postgres({ database: EMBEDDED_DATABASE, username: EMBEDDED_DATABASE, ...settings, path: embeddedSocket(env.home.postgres.socketDir) })
  return { db: drizzle(sql, { schema, casing: "snake_case" }), sql, close: () => sql.end({ timeout: CLOSE_SECONDS }) }
}

/** Whoever closes has ended its work; what is left are connections that died with a server and that postgres.js waits for in vain. */
const CLOSE_SECONDS = 1

/** How long to wait before connecting again. postgres.js's own waits grow to 20 s: too long for a server that restarts in one. */
const secondsBeforeAttempt = (failures: number) => Math.min(0.5, 0.02 * 2 ** failures)

/**
 * postgres.js never turns Nagle's algorithm off: a COPY over TCP then waits 40 ms and more for each acknowledgement. Its types do not
 * know the option, which its README describes.
 */
const overTcp = {
  socket: ({ host, port }: { host: string[]; port: number[] }) =>
    new Promise<Socket>((resolve, reject) => {
      const socket = createConnection({ host: host[0] ?? "localhost", port: port[0] ?? 5432, noDelay: true })
      socket.once("connect", () => resolve(socket.off("error", reject)))
      socket.once("error", reject)
    }),
}

/** PostgreSQL names its socket after its port, also where it listens on no port. */
function embeddedSocket(dir: string): string {
  return `${dir}/.s.PGSQL.5432`
}
