import { plainText } from "@/components/lines/plain-text"
import type { LogLineView } from "@/server/logs/views"
import type { LogFilter } from "./use-log-filter"

/** The lines that a filter lets through. Pure. */
export function matching(lines: LogLineView[], { q, source, replica }: LogFilter): LogLineView[] {
  const query = q.trim().toLowerCase()
  if (!query && source === "all" && !replica) return lines
  return lines.filter(
    (line) =>
      (source === "all" || line.source === source) &&
      (!replica || line.replica === replica) &&
      (!query || plainText(line.text).toLowerCase().includes(query)),
  )
}
