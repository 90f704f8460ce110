import type { OneOffWorld } from "@/server/drivers/cluster/port"
import type { OneOff } from "@/server/one-offs"

/** How a one-off ended. */
export interface Verdict {
  state: "succeeded" | "failed" | "cancelled"
  exitCode: number | null
  /** One sentence that says what to do, where it did not succeed. */
  reason: string | null
}

/** Its container is gone, or nobody saw its end: what it did, only its output can tell. It is not run again. */
export const VANISHED: Verdict = {
  state: "failed",
  exitCode: null,
  reason: "The machine or its apps were restarted while it ran: look at its output before you run it again.",
}

type Ended = Extract<OneOffWorld, { state: "ended" }>
type Wish = Pick<OneOff, "size" | "timeLimitSeconds" | "cancelRequestedAt" | "reason">

/** Pure. What ended by itself before someone cancelled it was not cancelled. */
export function judgeOneOff(wish: Wish, { code, reason, at }: Ended): Verdict {
  if (wish.cancelRequestedAt && wish.cancelRequestedAt <= at) {
    return { state: "cancelled", exitCode: reason === "lost" ? null : code, reason: wish.reason }
  }
  switch (reason) {
    case "lost":
      return VANISHED
    case "out_of_memory":
      return failed(
        code,
        `It needed more memory than its size ${wish.size} allows (${Math.round(wish.size * 1000)} MB): run it with a larger size.`,
      )
    case "out_of_time":
      return failed(
        code,
        `It took longer than its time limit of ${inWords(wish.timeLimitSeconds)} and was ended: run it with a longer one.`,
      )
    case "exit":
      return code === 0
        ? { state: "succeeded", exitCode: 0, reason: null }
        : failed(code, `It ended with exit code ${code}: its last lines say why.`)
  }
}

const failed = (exitCode: number, reason: string): Verdict => ({ state: "failed", exitCode, reason })

function inWords(seconds: number): string {
  const [size, unit] = seconds % 3_600 === 0 ? [3_600, "hour"] : seconds % 60 === 0 ? [60, "minute"] : [1, "second"]
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}
