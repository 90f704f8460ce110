import { z } from "zod"
import type { Connection } from "@/db/client"
import { listenForever } from "./listen"

/** That a row changed: which table, whose app, which row. What it says now is to be read again. */
const Notice = z.object({ table: z.string(), app: z.string().nullable(), id: z.string().nullable() })
export type Notice = z.infer<typeof Notice>

/** `missed`: notices were lost while the database was away; everything may have changed. */
export type HubEvent = Notice | "missed"

export interface Interest {
  /** Only this app's rows. */
  app?: string
  /** Only these tables. */
  tables?: readonly string[]
}

export interface Hub {
  /** @returns ends it. The listener must not throw and must not take long. */
  subscribe(interest: Interest, listener: (event: HubEvent) => void): () => void
  /**
   * Says when to look again: at once, after each change that is of interest (several at once are one), and at the latest after
   * `atLeastEveryMs`, which repairs what was missed. Ends with the signal.
   */
  looks(interest: Interest, options: { atLeastEveryMs: number; signal: AbortSignal }): AsyncGenerator<void, void, void>
  /** Aborted when the process stops: streams end, so that it can. */
  closing: AbortSignal
  /** How many listen now. */
  size(): number
  close(): Promise<void>
}

/** One connection that listens, for all of a process that watch rows. */
export function makeHub(connection: Pick<Connection, "sql">): Hub {
  const subscribers = new Set<{ interest: Interest; listener: (event: HubEvent) => void }>()
  const closing = new AbortController()

  function tell(event: HubEvent): void {
    for (const { interest, listener } of subscribers) if (event === "missed" || isOfInterest(event, interest)) listener(event)
  }

  const listening = listenForever(connection.sql, "phial_events", {
    onNotice: (payload) => {
      const notice = parsed(payload)
      if (notice) tell(notice)
    },
    onListening: () => tell("missed"),
  })

  function subscribe(interest: Interest, listener: (event: HubEvent) => void): () => void {
    const subscriber = { interest, listener }
    subscribers.add(subscriber)
    return () => void subscribers.delete(subscriber)
  }

  return {
    subscribe,
    looks: (interest, { atLeastEveryMs, signal }) =>
      looks(subscribe, interest, { atLeastEveryMs, signal: AbortSignal.any([signal, closing.signal]) }),
    closing: closing.signal,
    size: () => subscribers.size,
    close: () => {
      closing.abort()
      return listening.stop()
    },
  }
}

async function* looks(
  subscribe: Hub["subscribe"],
  interest: Interest,
  { atLeastEveryMs, signal }: { atLeastEveryMs: number; signal: AbortSignal },
): AsyncGenerator<void, void, void> {
  let isStale = true
  let nudge: () => void = () => undefined
  const wakeUp = () => {
    isStale = true
    nudge()
  }
  const unsubscribe = subscribe(interest, wakeUp)
  signal.addEventListener("abort", wakeUp)
  try {
    while (!signal.aborted) {
      if (!isStale) await nudged()
      if (signal.aborted) return
      isStale = false
      yield
    }
  } finally {
    unsubscribe()
    signal.removeEventListener("abort", wakeUp)
  }

  function nudged(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, atLeastEveryMs)
      nudge = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function isOfInterest(notice: Notice, { app, tables }: Interest): boolean {
  return (app === undefined || notice.app === app) && (tables === undefined || tables.includes(notice.table))
}

function parsed(payload: string): Notice | null {
  try {
    return Notice.parse(JSON.parse(payload))
  } catch {
    return null
  }
}
