import type { Container, Runner } from "@/server/runner"
import type { ClusterApp, OneOffOrder, OneOffWorld } from "../port"
import { limitsOf, revealed } from "./limits"

/** One-offs in runc on this machine. What there is and how it ended the runner keeps, in files: nothing is known here. */
export class OneOffs {
  readonly #runner: Runner
  readonly #diskBytes: number

  constructor(runner: Runner, diskBytes: number) {
    this.#runner = runner
    this.#diskBytes = diskBytes
  }

  async run({ app, id, stack, env, command, size, timeLimitSeconds }: OneOffOrder): Promise<void> {
    await this.#runner.create({
      kind: "one_off",
      ...{ id, stack, app: app.number, env: revealed(env), command: [...command], labels: {} },
      limits: limitsOf(size, this.#diskBytes),
      seconds: timeLimitSeconds,
    })
  }

  async observe(app: ClusterApp, id: string): Promise<OneOffWorld> {
    const container = await this.#find(app, id)
    return container ? worldOf(container) : { state: "absent" }
  }

  async end(app: ClusterApp, id: string, graceSeconds: number): Promise<void> {
    if (await this.#find(app, id)) await this.#runner.stop(id, graceSeconds)
  }

  async remove(app: ClusterApp, id: string): Promise<void> {
    if (await this.#find(app, id)) await this.#runner.remove(id)
  }

  /** Of this app only: an id alone proves nothing. */
  async #find(app: ClusterApp, id: string): Promise<Container | null> {
    const all = await this.#runner.list({ app: app.number, kind: "one_off" })
    return all.find((one) => one.id === id) ?? null
  }
}

/** Pure. */
function worldOf({ startedAt, exit }: Container): OneOffWorld {
  if (!exit) return { state: "running", startedAt }
  const { code, at, isLost, outOfTime, outOfMemory } = exit
  const reason = isLost ? "lost" : outOfTime ? "out_of_time" : outOfMemory ? "out_of_memory" : "exit"
  return { state: "ended", startedAt, code, reason, at }
}
