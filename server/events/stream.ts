import { setTimeout as pause } from "node:timers/promises"
import type { Hub, HubEvent } from "./hub"
import { Pending } from "./pending"

export interface StreamOptions {
  /** Only this app's rows. Without it those of all apps that the asker sees, except what is printed: that changes all the time. */
  app?: string
  /** The ids of the apps that the asker may see now; `null` when they may see nothing more, which ends the stream. */
  visible: () => Promise<ReadonlySet<string> | null>
  signal: AbortSignal
}

/** Changes within this time are told at once. */
const COLLECT_MS = 50
/** Also when we look whether the asker is still signed in and sees what they saw. */
const SIGN_OF_LIFE_MS = 15_000
const RETRY_MS = 1_000
const NEVER_PRINTED = ["apps", "permissions", "builds", "releases", "rollouts", "replicas"]

/**
 * Server-sent events that say which rows went stale, never what they hold: `{"table", "id"}`, and the event `missed` when anything may
 * have changed. What a slow client has not taken yet is kept once a row, so it costs little. After a lost connection a client reads
 * everything again: there is nothing to resume.
 */
export async function* changeStream(hub: Hub, options: StreamOptions): AsyncGenerator<string, void, void> {
  const pending = new Pending()
  const signal = AbortSignal.any([options.signal, hub.closing])
  const interest = options.app === undefined ? { tables: NEVER_PRINTED } : { app: options.app }
  const unsubscribe = hub.subscribe(interest, (event: HubEvent) => pending.add(event))
  try {
    let visible = await options.visible()
    yield `retry: ${RETRY_MS}\n\n`
    while (visible && !signal.aborted) {
      const isNews = await pending.wait(SIGN_OF_LIFE_MS, signal)
      if (isNews) await pause(COLLECT_MS)
      const before = visible
      if (!isNews || pending.changesAccess()) visible = await options.visible()
      if (!visible || signal.aborted) return
      // What was just taken away, or given, is told too: a list that shows it, or does not, is stale.
      yield pending.take(new Set([...before, ...visible])) || ": \n\n"
    }
  } finally {
    unsubscribe()
  }
}
