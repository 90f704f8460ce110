"use client"

import { useState } from "react"
import { plainText } from "@/components/lines/plain-text"
import { useLineFeed } from "@/components/lines/use-line-feed"
import { fetchView } from "@/components/live/fetch-view"
import { paths } from "@/components/paths"
import { OutputBlock } from "@/components/ui/output-block"
import { TextLink } from "@/components/ui/text-link"
import type { ReleaseCommandView } from "@/server/releases/rollout-view"

/** More are on the one-off's own page. */
const SHOWN = 12
/** After its end its last lines are still being stored; later ones of the app are none of its. */
const LAST_LINES_MS = 60_000

interface Output {
  app: string
  command: ReleaseCommandView
  /** Kept with the rollout, for when the logs have forgotten the rest. */
  lastLines: string[]
}

/** The release command, and what it prints, as it prints it. */
export function ReleaseCommandOutput({ app, command, lastLines }: Output) {
  const words = endInWords(command)
  const [isUnfolded, setUnfolded] = useState(false)
  return (
    <div className="mt-1 grid grid-cols-1 gap-2">
      <p className="flex flex-wrap gap-x-2">
        <code className="min-w-0 break-all font-mono text-ink-2 text-xs leading-5">{command.command}</code>
        {words ? <span>{words}</span> : null}
      </p>
      {command.state === "succeeded" ? (
        <details onToggle={(event) => setUnfolded(event.currentTarget.open)}>
          <summary className="w-fit cursor-pointer rounded-sm text-accent-text">Its output</summary>
          <div className="mt-2">{isUnfolded ? <Lines app={app} command={command} lastLines={[]} /> : null}</div>
        </details>
      ) : (
        <Lines app={app} command={command} lastLines={lastLines} />
      )}
    </div>
  )
}

function Lines({ app, command: { id, state, endedAt }, lastLines }: Output) {
  const isPrinting = endedAt === null || Date.now() - Date.parse(endedAt) < LAST_LINES_MS
  const { lines, isBehind } = useLineFeed({
    first: NONE,
    table: isPrinting ? "log_lines" : "one_offs",
    about: isPrinting ? null : id,
    read: (after) => fetchView("output", { app, printer: id, after }),
  })
  if (lines.length === 0 && lastLines.length > 0) return <OutputBlock lines={lastLines} label="Output of the release command" />
  if (lines.length === 0)
    return <p>{isBehind ? "Reading…" : state === "running" ? "It has printed nothing yet." : "It printed nothing."}</p>
  return (
    <>
      <OutputBlock lines={lines.slice(-SHOWN).map(({ text }) => plainText(text))} label="Output of the release command" />
      {lines.length > SHOWN ? (
        <p className="mt-1">
          The last {SHOWN} of {lines.length.toLocaleString("en")} lines. <TextLink href={paths.oneOff(app, id)}>All of them</TextLink>
        </p>
      ) : null}
    </>
  )
}

const NONE = { lines: [], hasMore: true }

function endInWords({ state, reason, timeLimitSeconds }: ReleaseCommandView): string | null {
  switch (state) {
    case "waiting":
      return "waits for its container"
    case "running":
      return `may take ${timeLimitSeconds.toLocaleString("en")} s`
    case "failed":
    case "cancelled":
      return reason
    case "succeeded":
      return null
  }
}
