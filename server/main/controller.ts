import { hostname } from "node:os"
import { and, eq, inArray } from "drizzle-orm"
import { connect } from "@/db/client"
import { apps, builds, oneOffs } from "@/db/schema"
import { sendQueuedMails, sweepAccounts } from "@/server/accounts"
import { addressesOf } from "@/server/apps"
import { reconcileApp } from "@/server/controllers/app"
import { reconcileBuild } from "@/server/controllers/build"
import { reconcileJanitor, wakeJanitor } from "@/server/controllers/janitor"
import { startLoop } from "@/server/controllers/loop"
import { reconcileOneOff } from "@/server/controllers/one-off"
import { followEnds, keepEdge } from "@/server/controllers/watches"
import { embeddedBuilder } from "@/server/drivers/builder/embedded"
import { embeddedCluster } from "@/server/drivers/cluster/embedded"
import { embeddedEdge } from "@/server/drivers/edge/embedded"
import { FileMailer } from "@/server/drivers/mail/embedded"
import { removeRepository, sourcesAt } from "@/server/git"
import { systemClock } from "@/server/kernel/clock"
import { readEnv } from "@/server/kernel/env"
import { makeLog } from "@/server/kernel/log"
import { SecretBox } from "@/server/kernel/secret"
import { isCollected } from "@/server/logs"
import { runnerClient } from "@/server/runner"
import { placesOf } from "@/server/runner/names"
import { showSignsOfLife } from "@/server/supervisor"
import { wake } from "@/server/wakes"
import { heartbeat } from "./heartbeat"
import { slugStoreOf } from "./slug-store"

/** Side by side on a machine of two cores: more only makes each of them slower. */
const MAX_BUILDS = 2

showSignsOfLife()
const env = readEnv()
const { home } = env
const log = makeLog("controller")
const connection = connect(env)
const { db } = connection
const parts = { db, clock: systemClock, log, secrets: new SecretBox(env.secretKeys) }
const runner = runnerClient(home)
const edge = embeddedEdge({ ...env, log })
const slugStore = slugStoreOf(env, parts)
const builder = embeddedBuilder({ runner, slugStore, home, settings: { toolchainMirror: env.toolchainMirror, appsDomain: env.appsDomain } })
const cluster = embeddedCluster({ runner, balancer: edge, clock: systemClock })
const mailer = new FileMailer(home.mail, systemClock)

const endEdgeWatch = await keepEdge(edge, log)
const endEnds = followEnds(runner, log, async (numbers) => {
  const ofThem = inArray(apps.number, numbers)
  for (const { id } of await db.select({ id: apps.id }).from(apps).where(ofThem)) await wake(db, "app", id)
  const underWay = db.select({ id: builds.id }).from(builds).innerJoin(apps, eq(apps.id, builds.appId))
  for (const { id } of await underWay.where(and(ofThem, eq(builds.state, "building")))) await wake(db, "build", id)
  const running = db.select({ id: oneOffs.id }).from(oneOffs).innerJoin(apps, eq(apps.id, oneOffs.appId))
  for (const { id } of await running.where(and(ofThem, eq(oneOffs.state, "running")))) await wake(db, "one_off", id)
})

const repositories = { remove: (appId: string) => removeRepository(home.repositories, appId) }
const isStored = (id: string) => isCollected(db, id, placesOf(home, id).logFile)
const loop = startLoop({
  connection,
  log,
  // The supervisor runs one controller a home.
  name: `${hostname()}:${home.root}`,
  atStart: () => wakeJanitor(parts),
  kinds: {
    app: {
      reconcile: reconcileApp({
        ...{ ...parts, cluster, edge, builder, slugStore, repositories },
        addressesOf: (app) => addressesOf(env, app),
        isCollected: isStored,
      }),
      concurrency: 8,
    },
    build: { reconcile: reconcileBuild({ ...parts, builder, sources: sourcesAt(home.sources), maxBuilds: MAX_BUILDS }), concurrency: 8 },
    one_off: {
      reconcile: reconcileOneOff({ ...parts, cluster, isCollected: isStored }),
      concurrency: 8,
    },
    janitor: { reconcile: reconcileJanitor({ ...parts, sendMails, sweep: () => sweepAccounts(parts) }), concurrency: 1 },
  },
})
const endHeartbeats = [
  heartbeat(db, "controller"),
  heartbeat(db, "edge", async () => (await edge.health()).isUp),
  heartbeat(db, "runner", async () => (await runner.health()).isUp),
]
log.info("ready")

async function sendMails(): Promise<boolean> {
  return (await sendQueuedMails(parts, mailer)).waiting > 0
}

async function stop(): Promise<void> {
  for (const end of endHeartbeats) end()
  endEdgeWatch()
  endEnds()
  await loop.stop()
  await connection.close()
  process.exit(0)
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop())
