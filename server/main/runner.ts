import path from "node:path"
import { readEnv } from "@/server/kernel/env"
import { makeLog } from "@/server/kernel/log"
import { openRunner, serveRunner } from "@/server/runner"
import { showSignsOfLife } from "@/server/supervisor"

/** The only part with root. Containers live on when it ends, and the next one finds them. */
showSignsOfLife()
const log = makeLog("runner")
const { home, root } = readEnv()
const runner = await openRunner({ home, phialDir: path.join(root, "stack"), log })
const server = await serveRunner(home, runner, log)
log.info("ready", { socket: home.run.runnerSocket })

process.once("SIGTERM", () => {
  runner.close()
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
