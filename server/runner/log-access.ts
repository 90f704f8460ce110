import { type FSWatcher, watch } from "node:fs"
import { chmod, chown } from "node:fs/promises"
import type { Machine } from "./machine"
import { placesOf } from "./names"

/**
 * Keeps the log files readable to Phial's own user: conmon starts a full one anew as root's alone. Best effort while the runner
 * is away; its next start looks at all of them.
 */
export class LogAccess {
  readonly #watchers = new Map<string, FSWatcher>()

  constructor(readonly machine: Machine) {}

  async keep(id: string): Promise<void> {
    if (this.#watchers.has(id)) return
    const { logDir, logFile } = placesOf(this.machine.home, id)
    const watcher = watch(logDir, (event) => {
      if (event === "rename") void this.#open(logFile)
    })
    watcher.on("error", () => this.forget(id))
    this.#watchers.set(id, watcher)
    await this.#open(logFile)
  }

  forget(id: string): void {
    this.#watchers.get(id)?.close()
    this.#watchers.delete(id)
  }

  close(): void {
    for (const id of [...this.#watchers.keys()]) this.forget(id)
  }

  /** The folder is root's, so nobody can have put a link in its place. It may be gone by now. */
  async #open(logFile: string): Promise<void> {
    await chown(logFile, 0, this.machine.owner.gid).catch(() => undefined)
    await chmod(logFile, 0o640).catch(() => undefined)
  }
}
