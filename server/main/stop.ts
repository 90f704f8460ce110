import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { embeddedEdge } from "@/server/drivers/edge/embedded"
import { type Env, readEnv } from "@/server/kernel/env"
import { makeLog } from "@/server/kernel/log"
import { endProcess } from "@/server/kernel/process"
import { dismantle, openRunner, type Runner } from "@/server/runner"
import { endPart, livingPart, stopPostgres } from "@/server/supervisor"

/** The supervisor ends its parts one after the other, each with a grace of its own. */
const SUPERVISOR_WITHIN_MS = 90_000
/** As long as a replica has in a deploy. */
const REPLICA_GRACE_SECONDS = 10
const REPLICAS_WITHIN_MS = 30_000
const POLL_MS = 100

await main()

async function main(): Promise<void> {
  const env = readEnv()
  const wasRunning = await stopControlPlane(env)
  const withApps = process.argv.includes("--apps")
  if (withApps) await stopApps(env)
  const said = wasRunning ? "Phial has ended" : "Phial was not running"
  process.stdout.write(`  ${said}; ${withApps ? "its apps have ended too" : "apps go on running"}.\n`)
}

/** Ends this home's control plane, also when its supervisor is gone. Apps and the edge go on. */
async function stopControlPlane(env: Env): Promise<boolean> {
  const supervisor = livingPart(env.home, "start")
  if (supervisor) await endProcess(supervisor, SUPERVISOR_WITHIN_MS)
  await Promise.all(["web", "controller", "logger", "runner"].map((name) => endPart(env.home, name)))
  if (!env.databaseUrl) await stopPostgres(env)
  return supervisor !== null
}

/** Ends the edge, then every container, and takes away what the home put on the machine. The next start makes it again. */
async function stopApps(env: Env): Promise<void> {
  const log = makeLog("stop")
  await embeddedEdge({ ...env, log }).stop()
  if (process.getuid?.() !== 0) return
  const runner = await openRunner({ home: env.home, phialDir: path.join(env.root, "stack"), log })
  await endContainers(runner)
  runner.close()
  await dismantle(env.home)
}

async function endContainers(runner: Runner): Promise<void> {
  const all = await runner.list()
  for (const { id } of all) await runner.stop(id, REPLICA_GRACE_SECONDS)
  const deadline = Date.now() + REPLICAS_WITHIN_MS
  while ((await runner.list()).some(({ state }) => state === "running") && Date.now() < deadline) await pause(POLL_MS)
  for (const { id } of all) await runner.remove(id)
}
