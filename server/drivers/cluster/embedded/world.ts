import { z } from "zod"
import type { ReplicaExit } from "@/db/schema"
import type { OpenConnections } from "@/server/drivers/edge/port"
import type { Container } from "@/server/runner"
import { notDraining, type Replica } from "../port"

/** What the last checks of one replica said. Kept in memory only: a controller that starts anew checks again. */
export interface Probe {
  /** In a row. */
  successes: number
  failures: number
  /** Of the first failure in the row. */
  failingSince: Date | null
}

/** All that a plan is made from besides the wish. */
export interface World {
  /** The app's replicas, ended ones included. */
  containers: readonly Container[]
  last: readonly Replica[]
  probes: ReadonlyMap<string, Probe>
  /** By replica; who is not listed has none. */
  connections: ReadonlyMap<string, OpenConnections>
}

/** What a container carries, so that a replica is known again even when nobody wrote down that it was made. */
const Labels = z.object({
  generation: z.string(),
  releaseId: z.string(),
  index: z.coerce.number().int(),
  restarts: z.coerce.number().int(),
  lastExit: z.string().transform((text) => JSON.parse(text) as ReplicaExit | null),
})

export interface Identity {
  generation: string
  releaseId: string
  index: number
  restarts: number
  lastExit: ReplicaExit | null
}

export function labelsOf({ generation, releaseId, index, restarts, lastExit }: Identity): Record<string, string> {
  return { generation, releaseId, index: String(index), restarts: String(restarts), lastExit: JSON.stringify(lastExit) }
}

/** One replica and its container. */
export interface Seen {
  replica: Replica
  container: Container
  probe: Probe
}

const UNTRIED: Probe = { successes: 0, failures: 0, failingSince: null }

/** Every container of the app as the last look left it, by index. */
export function look(world: World): Seen[] {
  const known = new Map(world.last.map((replica) => [replica.id, replica]))
  return world.containers
    .map((container) => ({
      container,
      probe: world.probes.get(container.id) ?? UNTRIED,
      replica: { ...fresh(container), ...known.get(container.id) },
    }))
    .sort((a, b) => a.replica.index - b.replica.index)
}

/** A replica that was made but not yet looked at. */
export function fresh(container: Container): Replica {
  return {
    ...Labels.parse(container.labels),
    id: container.id,
    address: container.address,
    state: "starting",
    traffic: "none",
    startedAt: container.startedAt,
    healthyAt: null,
    ...notDraining,
    retryAt: null,
    endedAt: null,
  }
}

export function exitOf(container: Container): ReplicaExit | null {
  if (!container.exit) return null
  const { code, outOfMemory, isLost, at } = container.exit
  const reason = isLost ? "lost" : outOfMemory ? "out_of_memory" : code === 0 ? "normal" : "crash"
  return { code, reason, at: at.toISOString() }
}
