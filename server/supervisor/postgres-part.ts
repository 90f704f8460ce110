import path from "node:path"
import type { Env } from "@/server/kernel/env"
import { endPostmaster, runningPostmaster, startPostgres } from "@/server/postgres/embedded"
import type { Part } from "./keep-running"
import type { Owner } from "./owner"

/** The embedded PostgreSQL: taken over when it outlived the last supervisor, started again when it dies. */
export function postgresPart(env: Env, owner: Owner | null): Part {
  const { data, socketDir } = env.home.postgres
  return {
    name: "postgres",
    logFile: path.join(data, "server.log"),
    start: () => startPostgres({ root: env.root, data, socketDir, as: owner }),
  }
}

/** Ends the embedded PostgreSQL of this home, whoever started it. Repeatable. */
export async function stopPostgres(env: Env): Promise<void> {
  const server = runningPostmaster(env.home.postgres.data)
  if (server) await endPostmaster(server)
}
