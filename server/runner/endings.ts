import { type FSWatcher, watch } from "node:fs"

/** How long a call waits for the next end before it answers that there was none. */
const LONGEST_WAIT_MS = 30_000
/** Whoever asks this late has missed some; the slow look repairs it. */
const MOST_KEPT = 1000

/** Tells at once that a container ended, by conmon's exit file: nobody needs to look again and again. */
export class Endings {
  #last = 0
  readonly #ends: Array<{ at: number; app: number }> = []
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #waiting = new Set<() => void>()

  /** @param exitDir where conmon writes the exit code; it must exist. */
  watch(id: string, app: number, exitDir: string): void {
    if (this.#watchers.has(id)) return
    const watcher = watch(exitDir, (_event, name) => {
      // conmon writes beside it and renames: only the finished file counts.
      if (name !== id) return
      this.forget(id)
      this.#ends.push({ at: ++this.#last, app })
      this.#ends.splice(0, this.#ends.length - MOST_KEPT)
      for (const wake of this.#waiting) wake()
    })
    watcher.on("error", () => this.forget(id))
    this.#watchers.set(id, watcher)
  }

  forget(id: string): void {
    this.#watchers.get(id)?.close()
    this.#watchers.delete(id)
  }

  /** @param after the `last` of the previous answer; 0 at first. @returns the apps of which something ended since. */
  async since(after: number): Promise<{ last: number; apps: number[] }> {
    // A runner that started anew counts from the beginning.
    const from = after > this.#last ? 0 : after
    if (!this.#ends.some((end) => end.at > from)) await this.#next()
    return { last: this.#last, apps: [...new Set(this.#ends.filter((end) => end.at > from).map((end) => end.app))] }
  }

  close(): void {
    for (const id of [...this.#watchers.keys()]) this.forget(id)
    for (const wake of this.#waiting) wake()
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, LONGEST_WAIT_MS)
      this.#waiting.add(done)
    })
  }
}
