import { and, asc, desc, eq, inArray, isNotNull, isNull } from "drizzle-orm"
import { apps, rollouts } from "@/db/schema"
import type { App } from "@/server/access"
import type { Addresses } from "@/server/apps"
import type { AppWish, Cluster, ClusterView, Generation } from "@/server/drivers/cluster/port"
import type { Edge, PageState } from "@/server/drivers/edge/port"
import type { Parts } from "@/server/kernel/context"
import { type Rollout, whyNotCancel } from "@/server/releases"
import type { Outcome, Reconciler } from "./loop"
import { judgeReleaseCommand } from "./release-command"
import { lastReplicas, replicasToKill, storeReplicas } from "./replica-record"
import { cancelReason } from "./rollout-cancel"
import { judgeRollout, type Verdict } from "./rollout-judge"
import { beginRollout, type Rollouts, recordVerdict } from "./rollout-record"
import { inPlaceOf, upgradeReplica } from "./rollout-upgrade"
import { runEnvOf } from "./run-env"
import { type TeardownDeps, tearDown } from "./teardown"

export interface AppDeps extends Parts, TeardownDeps {
  cluster: Cluster
  edge: Edge
  addressesOf(app: App): Addresses
  /** Whether all that a replica or a one-off printed is stored. */
  isCollected(id: string): Promise<boolean>
}

/** Even where nothing is to do, the world is looked at now and then: what was missed is repaired. */
const SLOW_LOOK_SECONDS = 30
const LINES_LOOK_SECONDS = 0.1

/** Brings what runs of one app to what is wished, one safe step a call. */
export function reconcileApp(deps: AppDeps): Reconciler {
  return async (id) => {
    const [app] = await deps.db.select().from(apps).where(eq(apps.id, id))
    if (!app) return "done"
    if (app.deletedAt) return tearDown(deps, app)
    return step(deps, app, await rolloutsOf(deps, app))
  }
}

async function step(deps: AppDeps, app: App, found: Rollouts): Promise<Outcome> {
  const { current } = found
  if (current && (await cancels(deps, current))) return { againInSeconds: 0 }
  const view = await stepWorld(deps, app, found)
  if (!current) return { againInSeconds: view.nextLookSeconds ?? SLOW_LOOK_SECONDS }
  const verdict = await judge(deps, app, found, current, view)
  if (await isAheadOfLines(deps, verdict)) return { againInSeconds: LINES_LOOK_SECONDS }
  await recordVerdict(deps, current, verdict)
  if (view.toUpgrade && verdict.kind === "goes_on" && current.state === "upgrading") {
    const failure = await upgradeReplica(deps, app, await generationOf(deps, app, current), view.toUpgrade)
    if (failure) await recordVerdict(deps, current, failure)
    return { againInSeconds: 0 }
  }
  const isWaiting = verdict.kind === "goes_on" && verdict.state === current.state
  return { againInSeconds: isWaiting ? (view.nextLookSeconds ?? 1) : 0 }
}

/** Whether the last lines of who failed are yet to be stored. */
async function isAheadOfLines(deps: AppDeps, verdict: Verdict): Promise<boolean> {
  const culprit = "culprit" in verdict ? verdict.culprit : null
  if (!culprit?.waitUntil || culprit.waitUntil <= deps.clock.now()) return false
  return !(await deps.isCollected(culprit.id))
}

/** Goes back where a person wishes it. @returns whether it did, and all must be read again. */
async function cancels(deps: AppDeps, current: Rollout): Promise<boolean> {
  if (!current.cancelRequestedAt || current.state === "releasing" || whyNotCancel(current.state)) return false
  await recordVerdict(deps, current, { kind: "goes_back", reason: await cancelReason(deps.db, current), culprit: null })
  return true
}

/** Takes the next step of what should run now, and writes down what was seen. */
async function stepWorld(deps: AppDeps, app: App, found: Rollouts): Promise<ClusterView> {
  const wish = await wishOf(deps, app, found)
  // Whoever asks while the last replicas end gets the page that says so, not an error.
  if (wish.replicas === 0) await route(deps, app, pageOf(app, found, null))
  for (const replica of await replicasToKill(deps.db, app.id)) await deps.cluster.kill(wish.app, replica)
  const last = await lastReplicas(deps.db, app.id)
  const view = await deps.cluster.step(wish, last)
  await storeReplicas(deps, app.id, last, view.replicas)
  await route(deps, app, pageOf(app, found, view))
  return view
}

async function judge(deps: AppDeps, app: App, found: Rollouts, rollout: Rollout, view: ClusterView): Promise<Verdict> {
  if (rollout.state === "releasing") return judgeReleaseCommand(deps, rollout, found.good)
  const { isAwaited, good } = found
  return judgeRollout({ rollout, view, settings: app.settings, now: deps.clock.now(), isAwaited, good })
}

async function rolloutsOf(deps: AppDeps, app: App): Promise<Rollouts> {
  const open = await deps.db
    .select()
    .from(rollouts)
    .where(and(eq(rollouts.appId, app.id), isNull(rollouts.endedAt)))
    .orderBy(asc(rollouts.createdAt))
  const [good] = await deps.db
    .select()
    .from(rollouts)
    .where(and(eq(rollouts.appId, app.id), eq(rollouts.state, "settled"), isNotNull(rollouts.endedAt)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  const running = open.find((rollout) => rollout.state !== "waiting")
  const waiting = open.find((rollout) => rollout.state === "waiting")
  const past = { good: good ?? null, wasTried: good !== undefined || (await wasTried(deps, app)) }
  if (running) return { ...past, current: running, isAwaited: waiting !== undefined }
  return { ...past, current: waiting ? await beginRollout(deps, app, waiting, past.good) : null, isAwaited: false }
}

async function wasTried(deps: AppDeps, app: App): Promise<boolean> {
  const [tried] = await deps.db
    .select({ id: rollouts.id })
    .from(rollouts)
    .where(and(eq(rollouts.appId, app.id), inArray(rollouts.state, ["failed", "cancelled"])))
    .limit(1)
  return tried !== undefined
}

/** Until a rollout starts replicas, and when it goes back, what ran before is all that is wished. */
const startsNothing = ({ state }: Rollout) => state === "waiting" || state === "releasing" || state === "reverting"

async function wishOf(deps: AppDeps, app: App, { current, good }: Rollouts): Promise<AppWish> {
  const advancing = current && !startsNothing(current) ? current : null
  const target = advancing ?? good
  const { batchSize, waitSeconds, settleSeconds, drainSeconds } = app.settings.rollout
  const former = advancing && good ? await formerOf(deps, app, advancing, good) : null
  const inPlace = advancing && inPlaceOf(advancing)
  return {
    app: { id: app.id, name: app.name, number: app.number },
    target: target && target.replicas > 0 ? await generationOf(deps, app, target) : null,
    replicas: target?.replicas ?? 0,
    former,
    ...(former && inPlace ? { inPlace } : {}),
    ...(advancing?.replaces ? { replaces: advancing.replaces } : {}),
    check: app.settings.check,
    // Only a rollout takes its time: what is missing of what serves is made at once.
    rollout: { batchSize, settleSeconds, drainSeconds, waitSeconds: advancing ? waitSeconds : 0 },
  }
}

/** What serves beside the target until it has settled. */
async function formerOf(deps: AppDeps, app: App, target: Rollout, good: Rollout): Promise<AppWish["former"]> {
  const isNeeded = target.state !== "draining" && good.generation !== target.generation && good.replicas > 0
  return isNeeded ? { generation: await generationOf(deps, app, good), replicas: good.replicas } : null
}

async function generationOf(deps: AppDeps, app: App, rollout: Rollout): Promise<Generation> {
  const { generation: id, releaseId, size } = rollout
  const { version, stack, env } = await runEnvOf(deps, app, releaseId)
  return { id, releaseId, releaseVersion: version, stack, processType: "web", env, size }
}

/** @param view `null` before the world was looked at. */
function pageOf(app: App, { current, good, wasTried }: Rollouts, view: ClusterView | null): PageState {
  if (app.isInMaintenance) return "maintenance"
  if (view?.replicas.some((replica) => replica.traffic !== "none")) return "serving"
  const shown = current && !startsNothing(current) ? current : good
  if (!wasTried && !shown?.liveAt) return "no_release"
  return shown?.replicas === 0 ? "scaled_to_zero" : "serving"
}

function route(deps: AppDeps, app: App, state: PageState): Promise<void> {
  const sshPort = deps.addressesOf(app).ssh?.port ?? null
  return deps.edge.route({ appId: app.id, appName: app.name, hosts: [], state, sshPort })
}
