"use client"

import type { ReactNode } from "react"
import { type Jump, LineList, ROW_HEIGHT } from "@/components/lines/line-list"
import type { LogLineView } from "@/server/logs/views"
import { LogLine } from "./log-line"

/** The lines themselves. Apart, so that the page is there before what draws very many of them. */
export function LogLines({
  app,
  lines,
  wraps,
  linked,
  query,
  isFollowing,
  onFollow,
  jump,
  empty,
}: {
  app: string
  lines: LogLineView[]
  wraps: boolean
  /** The line that the address points at. */
  linked: number | null
  query: string
  isFollowing: boolean
  onFollow: (isFollowing: boolean) => void
  jump: Jump | null
  empty: ReactNode
}) {
  return (
    <LineList
      key={wraps ? "wrapped" : "unwrapped"}
      label={`Log of ${app}`}
      className="h-[calc(100dvh-17rem)] min-h-96"
      count={lines.length}
      {...(wraps ? {} : { heightOf: () => ROW_HEIGHT })}
      rowKey={(i) => lines[i]?.id ?? i}
      isFollowing={isFollowing}
      onFollow={onFollow}
      jump={jump}
      empty={empty}
      row={(i) => {
        const line = lines[i]
        return line ? <LogLine line={line} wraps={wraps} isTarget={line.id === linked} query={query} /> : null
      }}
    />
  )
}
