import { setTimeout as pause } from "node:timers/promises"

/** A process that is up. */
export interface Running {
  pid: number
  /** Resolves when it is gone, with why in words. */
  ended: Promise<string>
  /** Asks it to end, kills it after a grace, returns when it is gone. */
  stop(): Promise<void>
}

/** Something that is to run for as long as the supervisor does. */
export interface Part {
  name: string
  /** Where its output is. */
  logFile: string
  /** Starts it, or takes over one that runs. @throws when it did not come up. */
  start(): Promise<Running>
}

export interface Kept {
  /** Resolves when it is up for the first time; never when it is stopped before. */
  firstUp: Promise<void>
  stop(): Promise<void>
}

const DELAYS_MS = [0, 500, 1_000, 2_000, 4_000, 8_000, 10_000] as const
const LONGEST_DELAY_MS = 10_000
/** A part that stayed up for this long starts at the shortest delay again. */
const CALM_AFTER_MS = 60_000

/** How long to wait before start number `failures + 1` after so many ends in a row: at once first, then growing. */
export function delayAfter(failures: number): number {
  return DELAYS_MS[failures - 1] ?? LONGEST_DELAY_MS
}

/**
 * Keeps a part running until it is told to stop.
 * @param onEnd told why it ended and after how many milliseconds it is started again.
 */
export function keepRunning(part: Part, onEnd: (why: string, delayMs: number) => void): Kept {
  const halt = new AbortController()
  let running: Running | null = null
  let isUp: () => void = () => undefined
  const firstUp = new Promise<void>((resolve) => {
    isUp = resolve
  })

  async function runOnce(): Promise<string> {
    try {
      running = await part.start()
      if (halt.signal.aborted) await running.stop()
      else isUp()
      return await running.ended
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      running = null
    }
  }

  async function loop(): Promise<void> {
    let failures = 0
    while (!halt.signal.aborted) {
      const began = Date.now()
      const why = await runOnce()
      if (halt.signal.aborted) return
      failures = Date.now() - began > CALM_AFTER_MS ? 1 : failures + 1
      onEnd(why, delayAfter(failures))
      await pause(delayAfter(failures), undefined, { signal: halt.signal }).catch(() => undefined)
    }
  }

  const done = loop()
  return {
    firstUp,
    stop: async () => {
      halt.abort()
      await running?.stop()
      await done
    },
  }
}
