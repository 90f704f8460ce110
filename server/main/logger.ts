import { setInterval } from "node:timers"
import { connect } from "@/db/client"
import { makeHub } from "@/server/events"
import { readEnv } from "@/server/kernel/env"
import { makeLog } from "@/server/kernel/log"
import { pruneLogs, startCollector } from "@/server/logs"
import { placesOf } from "@/server/runner/names"
import { showSignsOfLife } from "@/server/supervisor"
import { heartbeat } from "./heartbeat"

const PRUNE_EVERY_MS = 10 * 60_000

showSignsOfLife()
const env = readEnv()
const log = makeLog("logger")
const connection = connect(env, { max: 3 })
const hub = makeHub(connection)
const collector = startCollector({ connection, hub, log, logFileOf: (replica) => placesOf(env.home, replica).logFile })
const endHeartbeat = heartbeat(connection.db, "logger")

const prune = () => void pruneLogs(connection).catch((error: unknown) => log.warn("cannot remove old lines: trying again later", { error }))
prune()
const pruning = setInterval(prune, PRUNE_EVERY_MS)

async function stop(): Promise<void> {
  endHeartbeat()
  clearInterval(pruning)
  await collector.stop()
  await hub.close()
  await connection.close()
  process.exit(0)
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop())
