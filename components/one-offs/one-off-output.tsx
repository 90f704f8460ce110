"use client"

import { Download, WrapText } from "lucide-react"
import { useState } from "react"
import { useLineHash } from "@/components/lines/line-hash"
import { LineList, ROW_HEIGHT } from "@/components/lines/line-list"
import { plainText } from "@/components/lines/plain-text"
import { saveFile } from "@/components/lines/save-file"
import { useLineFeed } from "@/components/lines/use-line-feed"
import { fetchView } from "@/components/live/fetch-view"
import { LogLine } from "@/components/logs/log-line"
import { Card } from "@/components/ui/card"
import { IconButton } from "@/components/ui/icon-button"
import type { OutputView } from "@/server/logs/views"
import type { OneOffView } from "@/server/one-offs/views"

/** After its end its last lines are still being stored; later ones of the app are none of its. */
const LAST_LINES_MS = 60_000

/** What a command prints, as it comes. */
export function OneOffOutput({ app, oneOff, first }: { app: string; oneOff: OneOffView; first: OutputView }) {
  const isPrinting = oneOff.endedAt === null || Date.now() - Date.parse(oneOff.endedAt) < LAST_LINES_MS
  const { lines, isBehind } = useLineFeed({
    first,
    table: isPrinting ? "log_lines" : "one_offs",
    about: isPrinting ? null : oneOff.id,
    read: (after) => fetchView("output", { app, printer: oneOff.id, after }),
  })
  const [isFollowing, setFollowing] = useState(true)
  const [wraps, setWraps] = useState(true)
  const linked = useLineHash()
  return (
    <Card className="overflow-hidden" aria-label="Output">
      <div className="flex items-center justify-between gap-2 border-line border-b px-3 py-2">
        <p className="pl-1 text-ink-3 text-sm tabular-nums">
          {lines.length === 1 ? "1 line" : `${lines.length.toLocaleString("en")} lines`}
        </p>
        <div className="flex items-center gap-1">
          <IconButton
            size="sm"
            label={wraps ? "Do not wrap lines" : "Wrap lines"}
            aria-pressed={wraps}
            icon={<WrapText aria-hidden className={wraps ? "text-accent-text" : ""} />}
            onClick={() => setWraps(!wraps)}
          />
          <IconButton
            size="sm"
            label="Download the output"
            icon={<Download aria-hidden />}
            reason={lines.length === 0 ? "There is nothing to download." : isBehind ? "The rest of it is still being read." : null}
            onClick={() => saveFile(`${oneOff.id}.log`, lines.map((line) => `${plainText(line.text)}\n`).join(""))}
          />
        </div>
      </div>
      <LineList
        key={wraps ? "wrapped" : "unwrapped"}
        label={`Output of ${oneOff.id}`}
        className="h-[calc(100dvh-22rem)] min-h-80"
        count={lines.length}
        {...(wraps ? {} : { heightOf: () => ROW_HEIGHT })}
        rowKey={(i) => lines[i]?.id ?? i}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        jump={null}
        empty={<p className="px-4 py-3 font-sans text-base text-ink-3">{emptyWords(oneOff, isBehind)}</p>}
        row={(i) => {
          const line = lines[i]
          return line ? <LogLine line={line} wraps={wraps} isTarget={line.id === linked} isOfOne query="" /> : null
        }}
      />
    </Card>
  )
}

function emptyWords(oneOff: OneOffView, isBehind: boolean): string {
  if (isBehind) return "Reading…"
  if (oneOff.state === "waiting") return "It is about to begin; what it prints appears here."
  if (oneOff.endedAt === null) return "Nothing printed yet…"
  return oneOff.startedAt === null ? "It never began." : "It printed nothing, or its lines are older than what is kept."
}
