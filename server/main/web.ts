import http, { type IncomingMessage } from "node:http"
import path from "node:path"
import type { Duplex } from "node:stream"
import next from "next"
import { connect } from "@/db/client"
import { makeHub, shareHub } from "@/server/events"
import { gitHandler, hookHandler, sweepLeftovers } from "@/server/git"
import { systemClock } from "@/server/kernel/clock"
import { readEnv } from "@/server/kernel/env"
import { makeLog } from "@/server/kernel/log"
import { SecretBox } from "@/server/kernel/secret"
import { CLIENT_ADDRESS_HEADER } from "@/server/next/client"
import { shareParts } from "@/server/next/parts"
import { shareSlugStore } from "@/server/next/slug-store"
import { showSignsOfLife } from "@/server/supervisor"
import { frontHandler, guarded, replicaHandler, upgradeHandler } from "@/server/web/front"
import { healthOf } from "@/server/web/health"
import { closeServer, listenOnPort, listenOnSocket } from "@/server/web/listen"
import { heartbeat, partsSeen } from "./heartbeat"
import { slugStoreOf } from "./slug-store"

/** How long a request may go on after we were asked to stop. Pushes go on by themselves (server/git/packs.ts). */
const GRACE_MS = 5_000

showSignsOfLife()
const env = readEnv()
const log = makeLog("web")
const connection = connect(env)
const parts = { env, db: connection.db, clock: systemClock, log, secrets: new SecretBox(env.secretKeys) }
const hub = makeHub(connection)
shareParts(parts)
shareHub(hub)
shareSlugStore(slugStoreOf(env, parts))

// Next adds an upgrade listener of its own to the server it is given: this one never listens, so that upgrades come by us alone.
const nextUpgrades = http.createServer()
const app = next({
  dev: !env.production,
  dir: env.root,
  hostname: env.host,
  port: env.port,
  httpServer: nextUpgrades,
})
await app.prepare()
const toNext = app.getRequestHandler()

/** Its socket tells an open page what was edited. */
function toDevServer(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  if (!nextUpgrades.emit("upgrade", request, socket, head)) socket.destroy()
}

const git = gitHandler({
  ...parts,
  paths: {
    repositories: env.home.repositories,
    sources: env.home.sources,
    spools: env.home.run.dir,
    hooks: path.join(env.root, "server/git/hooks"),
    hookProgram: path.join(env.root, "dist/hook.js"),
    hookSocket: env.home.run.hookSocket,
    gitUrl: `${env.url}/git/`,
  },
})
const front = frontHandler({
  git,
  health: () => healthOf(connection.db, partsSeen),
  next: (request, response) => toNext(request, response),
  clientAddressHeader: CLIENT_ADDRESS_HEADER,
})
const onError = (error: unknown) => log.error("a request failed", { error })

const publicServer = http.createServer(guarded(front, onError))
// A push of a gigabyte over a slow line takes its time; what is slow before its headers are in is still cut.
publicServer.requestTimeout = 0
publicServer.on("upgrade", upgradeHandler(new Map(), env.production ? null : toDevServer))

const replicaServer = http.createServer(
  guarded(
    replicaHandler((request, response) => toNext(request, response), CLIENT_ADDRESS_HEADER),
    onError,
  ),
)
replicaServer.on("upgrade", upgradeHandler(new Map(), null))

const hookServer = http.createServer(guarded(hookHandler({ ...parts, hub, repositories: env.home.repositories }), onError))

await listenOnSocket(hookServer, env.home.run.hookSocket, 0o600)
await listenOnSocket(replicaServer, env.home.run.replicaApiSocket, 0o666)
await listenOnPort(publicServer, env.port, env.host)
void sweepLeftovers(connection.db, env.home).catch((error: unknown) => log.warn("cannot sweep what former pushes left", { error }))
const endHeartbeat = heartbeat(connection.db, "web")
log.info("listening", { port: env.port, host: env.host })

async function stop(): Promise<void> {
  endHeartbeat()
  const hubClosed = hub.close()
  // The hooks of pushes ask again from where they were.
  await Promise.all([closeServer(publicServer, GRACE_MS), closeServer(replicaServer, GRACE_MS), closeServer(hookServer, 0)])
  await hubClosed
  await connection.close()
  process.exit(0)
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop())
