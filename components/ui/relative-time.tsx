"use client"

import { cn } from "./cn"
import { agoInWords, durationInWords } from "./durations"
import { useNow } from "./now"

/** How long ago, kept true while one looks; the exact time on hover. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const then = Date.parse(at)
  const now = useNow(Date.now() - then < 60_000 ? 1_000 : 20_000)
  return (
    // The server's clock and the reader's differ by a moment: the reader's wins.
    <time dateTime={at} title={now === null ? undefined : exact(then)} suppressHydrationWarning className={className}>
      {/* The tick only says when to look: rounded to its step it would make older times younger than newer ones. */}
      {agoInWords(then, Date.now())}
    </time>
  )
}

/** The time since `from`, running; or between `from` and `to`. */
export function Duration({ from, to, className }: { from: string; to?: string | null | undefined; className?: string }) {
  const now = useNow(to ? 3_600_000 : 1_000)
  const end = to ? Date.parse(to) : (now ?? Date.now())
  return (
    <span suppressHydrationWarning className={cn("tabular-nums", className)}>
      {durationInWords(Math.max(0, end - Date.parse(from)))}
    </span>
  )
}

function exact(at: number): string {
  return new Date(at).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" })
}
