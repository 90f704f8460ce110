import { type Env, readEnv } from "@/server/kernel/env"
import { endProcess } from "@/server/kernel/process"
import { endPart, livingPart, stopPostgres } from "@/server/supervisor"

/** The supervisor ends its parts one after the other, each with a grace of its own. */
const SUPERVISOR_WITHIN_MS = 90_000

await stopControlPlane(readEnv())

/** Ends this home's control plane, also when its supervisor is gone. Apps and the edge go on. */
async function stopControlPlane(env: Env): Promise<void> {
  const supervisor = livingPart(env.home, "start")
  if (supervisor) await endProcess(supervisor, SUPERVISOR_WITHIN_MS)
  await Promise.all(["web", "controller", "logger", "runner"].map((name) => endPart(env.home, name)))
  if (!env.databaseUrl) await stopPostgres(env)
  process.stdout.write(supervisor ? "  Phial has ended; apps go on running.\n" : "  Phial was not running.\n")
}
