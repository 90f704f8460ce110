import type { Log } from "@/server/kernel/log"
import type { Runner } from "@/server/runner"

const EDGE_LOOK_MS = 3_000
/** Between two looks, whether it is still there at all: each moment without it is a moment without all apps. */
const GLANCE_MS = 200
const GLANCES = EDGE_LOOK_MS / GLANCE_MS
const RUNNER_PAUSE_MS = 1_000

/** A router that is a process of this machine. */
interface LocalEdge {
  start(): Promise<void>
  watch(): Promise<void>
  hasEnded(): boolean
}

/** Starts the edge or takes it over, then looks after it. @returns ends the looking; the edge goes on. */
export async function keepEdge(edge: LocalEdge, log: Log): Promise<() => void> {
  await edge.start().catch((error: unknown) => log.error("the edge does not start", { error }))
  let isEnded = false
  let timer: NodeJS.Timeout
  const watch = () =>
    edge.watch().then(
      () => true,
      (error: unknown) => {
        log.error("the edge cannot be looked after", { error })
        return false
      },
    )
  /** One that does not start is not tried many times a second. */
  const look = async (glances: number) => {
    const isDue = glances === 0 || edge.hasEnded()
    const isWell = isDue ? await watch() : true
    const left = isDue ? GLANCES : glances - 1
    if (!isEnded) timer = setTimeout(look, isWell ? GLANCE_MS : EDGE_LOOK_MS, left)
  }
  timer = setTimeout(look, GLANCE_MS, GLANCES)
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
