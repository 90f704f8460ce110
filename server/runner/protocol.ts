import { z } from "zod"

/**
 * What the runner, the only part with root, can be asked: few, typed requests over HTTP on its unix socket
 * (`home.run.runnerSocket`), each checked here on both sides. No shell, no free paths: paths follow from ids.
 */
const AppNumber = z.number().int().min(1).max(4095)
const Env = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(131_072))
const Stack = z.string().regex(/^[a-z]+-[0-9]+$/)

/** A replica's name, a one-off's, or a build's uuid: also the container's id, its folder, its cgroup. */
export const ContainerId = z.string().regex(/^[a-z0-9][a-z0-9-]{2,60}$/)

const Limits = z.object({
  memoryBytes: z.number().int().min(16_000_000),
  /** 1 is a whole CPU; the hard limit. */
  cpus: z.number().min(0.05),
  /** The share under contention: 1024 is one. */
  cpuShares: z.number().int().min(2).max(262_144),
  pids: z.number().int().min(16).max(65_536),
  /** Of the writable file system. */
  diskBytes: z.number().int().min(32_000_000),
})

export const CreateContainer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("replica"),
    id: ContainerId,
    app: AppNumber,
    /** The host part of the replica's address in the app's network of 62: 2 and up; 1 is the gateway. */
    slot: z.number().int().min(2).max(62),
    stack: Stack,
    /** Given to /phial/entrypoint. */
    env: Env,
    limits: Limits,
    /** What the creator wants to find again in the list. */
    labels: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal("build"),
    /** Its source lies at `<sources>/<id>.tar`; its output comes to `<sources>/<id>/`. */
    id: ContainerId,
    /** Whether it gets `<sources>/<id>.base` as /base.tar.zst. */
    hasBase: z.boolean().optional(),
    app: AppNumber,
    stack: Stack,
    /** Given to /phial/build. */
    env: Env,
    limits: Limits,
    /** After this the container is ended and `outOfTime` is true. */
    seconds: z.number().int().min(1).max(86_400),
    labels: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal("one_off"),
    /** Its seat in the app's network is the highest that is free: replicas have the lower ones. */
    id: ContainerId,
    app: AppNumber,
    stack: Stack,
    /** Given to /phial/entrypoint, which runs the command. */
    env: Env,
    /** Program and arguments, handed over as they are. */
    command: z.array(z.string().max(131_072)).min(1).max(1000),
    limits: Limits,
    /** As of a build. */
    seconds: z.number().int().min(1).max(86_400),
    labels: z.record(z.string(), z.string()),
  }),
])
export type CreateContainer = z.infer<typeof CreateContainer>

export const Kind = z.enum(["replica", "build", "one_off"])

export const Container = z.object({
  id: ContainerId,
  kind: Kind,
  app: AppNumber,
  state: z.enum(["running", "ended"]),
  /** Of its only network interface. */
  address: z.string(),
  labels: z.record(z.string(), z.string()),
  startedAt: z.coerce.date(),
  exit: z
    .object({
      /** 128 + signal for a signal. */
      code: z.number().int(),
      outOfMemory: z.boolean(),
      outOfTime: z.boolean(),
      /** Nobody kept its exit code, as the machine ended, or its monitor did: `code` is a guess. */
      isLost: z.boolean().optional(),
      at: z.coerce.date(),
    })
    .nullable(),
  /** conmon's file of `TIME stdout|stderr F|P line`; readable by Phial's own user. */
  logFile: z.string(),
})
export type Container = z.infer<typeof Container>

export const Usage = z.object({ memoryBytes: z.number(), memoryLimitBytes: z.number(), cpuSeconds: z.number(), pids: z.number() })
export type Usage = z.infer<typeof Usage>

/** How an upgrade in place ended, in a sentence for people. */
export const Upgraded = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), detail: z.string().max(2000) }),
  z.object({ ok: z.literal(false), reason: z.string().max(2000) }),
])
export type Upgraded = z.infer<typeof Upgraded>

/** The client's calls; the server answers the same by `POST /<name>` with JSON both ways. */
export interface Runner {
  /** Repeatable: an existing container of this id is answered as it is. */
  create(order: CreateContainer): Promise<Container>
  /** All of this instance, ended ones included until they are removed. */
  list(filter?: { app?: number; kind?: Container["kind"] }): Promise<Container[]>
  /** Sends SIGTERM to the container's first process, SIGKILL to all after the grace. Answers at once. Repeatable. */
  stop(id: string, graceSeconds: number): Promise<void>
  /** Ends it if it runs, and removes its folder, disk, network namespace, cgroup and log. Repeatable. */
  remove(id: string): Promise<void>
  usage(id: string): Promise<Usage | null>
  /**
   * Has a running replica bring itself to another release in place, by /phial/run-container/hot-upgrade. Repeatable; takes 75 seconds
   * at most. @throws AppError `not_found` when there is no such replica.
   */
  upgrade(id: string, release: number): Promise<Upgraded>
  /** Moves what an ended build left in /build/out to `<sources>/<id>/`, owned by Phial's user. Only plain files. Repeatable. */
  collect(id: string): Promise<{ files: string[] }>
  /** Removes an app's bridge and its build volume: after its containers. Repeatable. */
  forgetApp(app: number): Promise<void>
  /**
   * Waits until a container ended, half a minute at most. Best effort: a runner that starts anew has forgotten.
   * @param after the `last` of the previous answer; 0 at first. @returns the numbers of the apps of which one ended since.
   */
  ended(after: number): Promise<{ last: number; apps: number[] }>
  /** Whether containers can be made, and what is missing in words. */
  health(): Promise<{ isUp: boolean; detail: string }>
}
