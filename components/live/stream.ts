/** A row changed: which table, which row. */
export interface Change {
  table: string
  id: string | null
}

export interface StreamListener {
  onChange(change: Change): void
  /** The server itself missed changes, or we were away: everything may have changed. */
  onMissed(): void
  onState(state: "open" | "lost"): void
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 15_000
const CLOCK_MS = 5_000
/** A timer this late means that the machine slept. */
const SLEPT_MS = 20_000

/** Keeps one stream of changes open, through sleep and lost connections. @returns ends it. */
export function openStream(url: string, listener: StreamListener): () => void {
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | null = null
  let retryMs = FIRST_RETRY_MS
  let wasLost = false

  function open() {
    source?.close()
    source = new EventSource(url)
    source.onopen = () => {
      retryMs = FIRST_RETRY_MS
      if (wasLost) listener.onMissed()
      wasLost = false
      listener.onState("open")
    }
    source.onmessage = (message) => tell(message.data, listener)
    source.addEventListener("missed", () => listener.onMissed())
    source.onerror = lost
  }

  /** The browser tries again by itself, but gives up for good when the answer was not a stream. */
  function lost() {
    wasLost = true
    listener.onState("lost")
    if (source?.readyState !== EventSource.CLOSED || retry) return
    // Refused, not only cut: what is read anew says why (signed out, the app is gone, the server starts).
    listener.onMissed()
    retry = setTimeout(() => {
      retry = null
      open()
    }, retryMs)
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
  }

  let lastTick = Date.now()
  const clock = setInterval(() => {
    const slept = Date.now() - lastTick > SLEPT_MS
    lastTick = Date.now()
    if (!slept) return
    wasLost = true
    open()
  }, CLOCK_MS)

  open()
  return () => {
    clearInterval(clock)
    if (retry) clearTimeout(retry)
    source?.close()
  }
}

function tell(data: string, listener: StreamListener) {
  if (data === "missed" || data === '"missed"') return listener.onMissed()
  const change = JSON.parse(data) as Partial<Change>
  if (typeof change.table === "string") listener.onChange({ table: change.table, id: change.id ?? null })
}
