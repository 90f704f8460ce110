import { killOverdue } from "./containers"
import { Endings } from "./endings"
import { LogAccess } from "./log-access"
import type { Machine } from "./machine"
import { placesOf } from "./names"
import type { Container } from "./protocol"

/** What the runner keeps an eye on while containers run. All of it is a convenience: what counts is on disk. */
export class Attendance {
  readonly #machine: Machine
  readonly #kills = new Map<string, NodeJS.Timeout>()
  readonly #logs: LogAccess
  readonly endings = new Endings()

  constructor(machine: Machine) {
    this.#machine = machine
    this.#logs = new LogAccess(machine)
  }

  async attend({ id, app, state }: Container): Promise<void> {
    await this.#logs.keep(id)
    if (state === "ended") return
    this.endings.watch(id, app, placesOf(this.#machine.home, id).exitDir)
    await this.killWhenDue(id)
  }

  /** Looks again when the grace of a stop is over. */
  async killWhenDue(id: string): Promise<void> {
    const at = await killOverdue(this.#machine, id, new Date())
    clearTimeout(this.#kills.get(id))
    this.#kills.delete(id)
    if (!at) return
    const again = () => void this.killWhenDue(id).catch((error) => this.#machine.log.error("could not kill", { id, error }))
    this.#kills.set(id, setTimeout(again, Math.max(1, at.getTime() - Date.now())))
  }

  forget(id: string): void {
    this.#logs.forget(id)
    this.endings.forget(id)
    clearTimeout(this.#kills.get(id))
    this.#kills.delete(id)
  }

  close(): void {
    this.#logs.close()
    this.endings.close()
    for (const timer of this.#kills.values()) clearTimeout(timer)
  }
}
