import type { Log } from "@/server/kernel/log"
import type { Runner } from "@/server/runner"

const EDGE_LOOK_MS = 3_000
const RUNNER_PAUSE_MS = 1_000

/** A router that is a process of this machine. */
interface LocalEdge {
  start(): Promise<void>
  watch(): Promise<void>
}

/** Starts the edge or takes it over, then looks after it. @returns ends the looking; the edge goes on. */
export async function keepEdge(edge: LocalEdge, log: Log): Promise<() => void> {
  await edge.start().catch((error: unknown) => log.error("the edge does not start", { error }))
  let isEnded = false
  let timer: NodeJS.Timeout
  const look = async () => {
    await edge.watch().catch((error: unknown) => log.error("the edge cannot be looked after", { error }))
    if (!isEnded) timer = setTimeout(look, EDGE_LOOK_MS)
  }
  timer = setTimeout(look, EDGE_LOOK_MS)
  return () => {
    isEnded = true
    clearTimeout(timer)
  }
}

/** Calls back with the numbers of the apps of which a container ended, as it happens. @returns ends it. */
export function followEnds(runner: Runner, log: Log, onEnds: (apps: number[]) => Promise<void>): () => void {
  let isEnded = false
  let last = 0
  void (async () => {
    while (!isEnded) {
      try {
        const answer = await runner.ended(last)
        if (answer.apps.length > 0) await onEnds(answer.apps)
        last = answer.last
      } catch (error) {
        log.debug("the runner is away", { error })
        await new Promise((resolve) => setTimeout(resolve, RUNNER_PAUSE_MS).unref())
      }
    }
  })()
  return () => {
    isEnded = true
  }
}
