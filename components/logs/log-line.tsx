import { memo } from "react"
import { clockTime } from "@/components/lines/clock-time"
import { LineText } from "@/components/lines/line-text"
import { cn } from "@/components/ui/cn"
import type { LogLineView } from "@/server/logs/views"

/** A line of the log: when (a link to it), who, what. */
export const LogLine = memo(function LogLine({
  line,
  wraps,
  isTarget,
  isOfOne,
  query,
}: {
  line: LogLineView
  wraps: boolean
  isTarget: boolean
  /** Among lines of one replica or one-off alone: who printed it need not be said. */
  isOfOne?: boolean
  query: string
}) {
  return (
    <div className={cn("flex gap-3 px-4 hover:bg-hover", wraps ? "w-full" : "w-max min-w-full", isTarget && "bg-accent-soft")}>
      <a
        href={`#L${line.id}`}
        title={new Date(line.at).toLocaleString("en-GB")}
        className="shrink-0 select-none text-ink-3 tabular-nums hover:text-accent-text hover:underline"
        suppressHydrationWarning
      >
        {clockTime(line.at)}
      </a>
      {isOfOne ? null : (
        <span className={cn("shrink-0", line.source === "app" ? "text-ink-3" : "text-accent-text")} title={who(line)}>
          {line.source === "app" ? line.replica.slice(-6) : line.source}
        </span>
      )}
      <span className={cn("min-h-6", wraps ? "min-w-0 flex-1 whitespace-pre-wrap [overflow-wrap:anywhere]" : "whitespace-pre")}>
        {line.stream === "stderr" ? <span className="mr-2 text-bad">err</span> : null}
        <LineText text={line.text} query={query} />
      </span>
    </div>
  )
})

function who(line: LogLineView): string {
  return line.source === "app" ? `${line.replica}${line.release === null ? "" : `, v${line.release}`}` : line.source
}
