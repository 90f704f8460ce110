import type { AppSettings, ReplicaExit } from "@/db/schema"
import type { Secret } from "@/server/kernel/secret"

/** An app as the cluster knows it. */
export interface ClusterApp {
  id: string
  name: string
  /** Small and unique on the platform. */
  number: number
}

/** What every replica of one generation is. Replicas of two generations differ in release, config or size, or were restarted. */
export interface Generation {
  id: string
  releaseId: string
  releaseVersion: number
  stack: string
  /** The process type's command is read from the slug by the entrypoint; this names the type. */
  processType: "web"
  /** What the entrypoint needs besides what it fetches from the run-container API: APP_NAME, APP_KEY, PORT, … */
  env: Record<string, string | Secret>
  /** In the units of `size`: 1 is 10^9 bytes of memory and one CPU share. */
  size: number
}

/** What should run for one app. */
export interface AppWish {
  app: ClusterApp
  /** `null`: nothing should run. */
  target: Generation | null
  replicas: number
  /** What serves until the target does, and stands by until it has settled: so long it is kept at its number. `null`: nothing. */
  former: { generation: Generation; replicas: number } | null
  /**
   * Where the target can take the place of the former generation within its running replicas. `wished`: one replica of the target is
   * started and stands by; then `ClusterView.toUpgrade` names one after the other of the former generation. `given_up`: the rest is
   * rolled; who was upgraded and is well counts. Absent: all are started anew.
   */
  inPlace?: "wished" | "given_up"
  /** One replica of the target that another is to take the place of; it serves until that has settled. */
  replaces?: string
  check: AppSettings["check"]
  rollout: RolloutPace
}

export type RolloutPace = Pick<AppSettings["rollout"], "batchSize" | "waitSeconds" | "settleSeconds" | "drainSeconds">

export type ReplicaState = "starting" | "healthy" | "unhealthy" | "draining" | "stopping" | "waiting" | "exited"

/** One replica as it was last seen. The same shape is stored between steps. */
export interface Replica {
  /** `<app>-<six characters>`. */
  id: string
  releaseId: string
  generation: string
  /** HOST_INDEX. */
  index: number
  /** Where its PORT is reached from the edge. */
  address: string
  state: ReplicaState
  traffic: "active" | "standby" | "none"
  restarts: number
  lastExit: ReplicaExit | null
  startedAt: Date
  healthyAt: Date | null
  drainingAt: Date | null
  /** Of one that drains: requests that it has still to answer, WebSockets that it has still to give up, and how many these were. */
  openRequests: number | null
  openSockets: number | null
  socketsAtDrain: number | null
  retryAt: Date | null
  endedAt: Date | null
}

/** What a replica's record says of draining while it does not. */
export const notDraining = { drainingAt: null, openRequests: null, openSockets: null, socketsAtDrain: null }

export interface ClusterView {
  replicas: Replica[]
  /**
   * How far the target is: `starting` (replicas missing), `checking` (started, not yet healthy), `shifting` (healthy, about to take
   * the traffic), `upgrading` (one stands by, the others are upgraded in place), `settling` (took it, must stay up), `draining` (others
   * finish), `settled` (only the target runs).
   */
  phase: "starting" | "checking" | "shifting" | "upgrading" | "settling" | "draining" | "settled"
  /** The replica that may be upgraded in place now. */
  toUpgrade?: string
  /** When to look again; `null` when only a wake-up can change anything. */
  nextLookSeconds: number | null
}

/** How an upgrade in place ended, in a sentence. */
export type Upgrade = { ok: true; detail: string } | { ok: false; reason: string }

/** One command to run in a container of its own, with a release and its config. */
export interface OneOffOrder {
  app: ClusterApp
  /** `<app>-run-<six characters>`: the container's name, and what it prints is found by. */
  id: string
  stack: string
  /** As of a generation. */
  env: Record<string, string | Secret>
  /** Program and arguments: no shell reads them. */
  command: readonly string[]
  /** As of a generation. */
  size: number
  timeLimitSeconds: number
}

export type OneOffWorld =
  | { state: "absent" }
  | { state: "running"; startedAt: Date }
  | {
      state: "ended"
      startedAt: Date
      /** 128 + signal for a signal; a guess where it was lost. */
      code: number
      /** `lost`: it ended with the machine, and nobody saw how. */
      reason: "exit" | "out_of_memory" | "out_of_time" | "lost"
      at: Date
    }

/**
 * Makes the replicas of an app match a wish. Embedded: runc under conmon, stepped by us. Kubernetes: objects, rolled by it.
 *
 * A rollout is nothing but a new `target`: its replicas are started and checked while the others serve; when all are healthy they
 * take the traffic and the others stand by (they get it back the moment an active one cannot be reached); after the settle time
 * the others drain and end. Going back is the same with the former generation as target, whose replicas still run.
 */
export interface Cluster {
  /**
   * Takes the next safe steps from the world towards the wish and says what it sees. Repeatable, never waits for a replica;
   * answers within seconds. One caller an app at a time (the app's lease).
   * @param last what the previous call answered: what the world itself does not keep (restarts, drain times).
   * @throws AppError `unavailable` when the machinery below cannot be reached; nothing is lost by calling again.
   */
  step(wish: AppWish, last: readonly Replica[]): Promise<ClusterView>
  /** Ends all that the app has: replicas, one-offs, network, disks. Repeatable; @returns whether nothing is left. */
  remove(app: ClusterApp): Promise<boolean>
  /** Ends one replica at once; the next step replaces it. Nothing happens when it is gone. */
  kill(app: ClusterApp, replicaId: string): Promise<void>
  /**
   * Brings a running replica to another generation without ending it. Repeatable: one that is there already is answered as upgraded.
   * Slow, 90 seconds at most. From then on the caller's record says what it is: its generation, its release, and since when.
   * @returns `ok: false` with a sentence when it was not upgraded or is gone. It may have ended by trying: the next step sees that.
   * @throws AppError `unavailable` as `step` does.
   */
  upgrade(app: ClusterApp, replicaId: string, target: Generation): Promise<Upgrade>
  /** What one replica uses now; `null` when it does not run. CPU is the total since its start. */
  usage(replicaId: string): Promise<{ memoryBytes: number; memoryLimitBytes: number; cpuSeconds: number } | null>
  /**
   * Begins a command and does not wait for its end. Repeatable: one of this id that was begun, also one that has ended, is left as it
   * is. The command runs once at most, whatever is killed meanwhile.
   * @throws AppError `unavailable` as `step` does, and when the app has as many as it can have.
   */
  runOneOff(order: OneOffOrder): Promise<void>
  /** How a command is. An ended one stays until it is removed. */
  observeOneOff(app: ClusterApp, id: string): Promise<OneOffWorld>
  /** SIGTERM to the command and all that it started, SIGKILL after the grace. Answers at once. Repeatable. */
  endOneOff(app: ClusterApp, id: string, graceSeconds: number): Promise<void>
  /** Forgets one, its disk and what it printed; ends it if it runs. Repeatable. */
  removeOneOff(app: ClusterApp, id: string): Promise<void>
}
