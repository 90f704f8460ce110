import type { HubEvent, Notice } from "./hub"

/** More changed rows of one table than this are told as "the table changed". */
const MOST_ROWS = 50
const GIVES_ACCESS: ReadonlySet<string> = new Set(["apps", "permissions"])

/** What changed and was not told yet: each row once, however often it changed. */
export class Pending {
  #isMissed = false
  #notices = new Map<string, Notice>()
  #nudge: () => void = () => undefined

  add(event: HubEvent): void {
    if (event === "missed") this.#isMissed = true
    else this.#notices.set(`${event.table} ${event.app} ${event.id}`, event)
    if (this.#notices.size > MOST_ROWS * 20) this.#forgetRows()
    this.#nudge()
  }

  /** Whether it may have changed what the asker sees. */
  changesAccess(): boolean {
    return this.#isMissed || [...this.#notices.values()].some((notice) => GIVES_ACCESS.has(notice.table))
  }

  /** Waits until there is something. @returns whether there is. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#isSome() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(over, ms)
        function over() {
          clearTimeout(timer)
          signal.removeEventListener("abort", over)
          resolve()
        }
        this.#nudge = over
        signal.addEventListener("abort", over)
      })
    }
    return this.#isSome()
  }

  /** The messages for an asker who sees these apps, as server-sent events; empty when there is nothing for them. */
  take(apps: ReadonlySet<string>): string {
    const notices = [...this.#notices.values()].filter((notice) => notice.app === null || apps.has(notice.app))
    const isMissed = this.#isMissed
    this.#notices.clear()
    this.#isMissed = false
    if (isMissed) return "event: missed\ndata: missed\n\n"
    return [...new Set(notices.map((notice) => notice.table))]
      .flatMap((table) => idsOf(notices, table).map((id) => `data: ${JSON.stringify({ table, id })}\n\n`))
      .join("")
  }

  #isSome(): boolean {
    return this.#isMissed || this.#notices.size > 0
  }

  #forgetRows(): void {
    this.#notices.clear()
    this.#isMissed = true
  }
}

function idsOf(notices: readonly Notice[], table: string): Array<string | null> {
  const ids = [...new Set(notices.filter((notice) => notice.table === table).map((notice) => notice.id))]
  return ids.length > MOST_ROWS ? [null] : ids
}
