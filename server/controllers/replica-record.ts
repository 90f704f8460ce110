import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm"
import { replicas } from "@/db/schema"
import type { Replica } from "@/server/drivers/cluster/port"
import type { Ctx, Parts } from "@/server/kernel/context"

/** What the last step saw: what the next one gets. */
export async function lastReplicas(db: Ctx["db"], appId: string): Promise<Replica[]> {
  return db
    .select()
    .from(replicas)
    .where(and(eq(replicas.appId, appId), isNull(replicas.endedAt)))
    .orderBy(replicas.index)
}

/** What people asked to end, and still runs. */
export async function replicasToKill(db: Ctx["db"], appId: string): Promise<string[]> {
  const rows = await db
    .select({ id: replicas.id })
    .from(replicas)
    .where(and(eq(replicas.appId, appId), isNull(replicas.endedAt), isNotNull(replicas.killRequestedAt)))
  return rows.map((row) => row.id)
}

/** Writes only what changed: each write wakes the pages that watch. */
export async function storeReplicas(deps: Parts, appId: string, last: readonly Replica[], now: readonly Replica[]): Promise<void> {
  const before = new Map(last.map((replica) => [replica.id, key(replica)]))
  const changed = now.filter((replica) => before.get(replica.id) !== key(replica))
  const seen = new Set(now.map((replica) => replica.id))
  const gone = last.filter((replica) => !seen.has(replica.id)).map((replica) => replica.id)
  if (changed.length === 0 && gone.length === 0) return
  await deps.db.transaction(async (tx) => {
    for (const replica of changed) {
      const { id, ...rest } = pick(replica)
      await tx
        .insert(replicas)
        .values({ id, appId, ...rest })
        .onConflictDoUpdate({ target: replicas.id, set: rest })
    }
    if (gone.length > 0) {
      const end = { state: "exited", traffic: "none", openRequests: null, openSockets: null, endedAt: deps.clock.now() } as const
      await tx.update(replicas).set(end).where(inArray(replicas.id, gone))
    }
  })
}

/** The port's fields only: a row has more. */
function pick(replica: Replica): Replica {
  const {
    id,
    releaseId,
    generation,
    index,
    address,
    state,
    traffic,
    restarts,
    lastExit,
    startedAt,
    healthyAt,
    drainingAt,
    openRequests,
    openSockets,
    socketsAtDrain,
    retryAt,
    endedAt,
  } = replica
  return {
    id,
    releaseId,
    generation,
    index,
    address,
    state,
    traffic,
    restarts,
    lastExit,
    startedAt,
    healthyAt,
    drainingAt,
    openRequests,
    openSockets,
    socketsAtDrain,
    retryAt,
    endedAt,
  }
}

const key = (replica: Replica) => JSON.stringify(pick(replica))
