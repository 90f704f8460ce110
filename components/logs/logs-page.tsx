"use client"

import { Download, Pause, Play, ScrollText, WrapText } from "lucide-react"
import dynamic from "next/dynamic"
import { useDeferredValue, useEffect, useMemo, useState } from "react"
import { AppHeader } from "@/components/apps/app-header"
import { useLineHash } from "@/components/lines/line-hash"
import type { Jump } from "@/components/lines/line-list"
import { LogSkeleton } from "@/components/lines/log-skeleton"
import { plainText } from "@/components/lines/plain-text"
import { saveFile } from "@/components/lines/save-file"
import { useLineFeed } from "@/components/lines/use-line-feed"
import { fetchView } from "@/components/live/fetch-view"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { IconButton } from "@/components/ui/icon-button"
import type { LogLineView, LogsView } from "@/server/logs/views"
import { LogFilters } from "./log-filters"
import { matching } from "./matching"
import { useLogFilter } from "./use-log-filter"

/** How much before a linked line is read with it: ids count over all apps. */
const BEFORE_LINKED = 2_000

const LogLines = dynamic(() => import("./log-lines").then((module) => module.LogLines), {
  ssr: false,
  loading: () => <LogSkeleton className="h-[calc(100dvh-17rem)] min-h-96" />,
})

/** What the app and the platform print, as it comes. */
export function LogsPage({ app, first }: { app: string; first: LogsView }) {
  const [replicas, setReplicas] = useState(first.replicas)
  const { lines, isBehind, startAt } = useLineFeed({
    first,
    table: "log_lines",
    about: null,
    read: async (after) => {
      const view = await fetchView("logs", { app, after })
      setReplicas((before) => [...new Set([...before, ...view.replicas])])
      return view
    },
  })
  const [filter, setFilter] = useLogFilter()
  const wanted = useDeferredValue(filter)
  const [held, setHeld] = useState<{ lines: LogLineView[] } | null>(null)
  const [isFollowing, setFollowing] = useState(true)
  const [wraps, setWraps] = useState(false)
  const source = held ? held.lines : lines
  const shown = useMemo(() => matching(source, wanted), [source, wanted])
  const [linked, jump] = useLinkedLine(shown, source, startAt, () => setFollowing(false))
  const waiting = held ? newer(lines, held.lines) : 0

  return (
    <>
      <AppHeader app={app} here="Logs" description="What replicas and the platform print, as it comes." />
      <Card className="overflow-hidden" aria-label="Log">
        <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2.5">
          <LogFilters filter={filter} onChange={(change) => void setFilter(change)} replicas={known(replicas, filter.replica)} />
          <div className="flex items-center gap-1">
            <Button
              size="sm"
              icon={held ? <Play aria-hidden /> : <Pause aria-hidden />}
              onClick={() => {
                setHeld(held ? null : { lines })
                if (held) setFollowing(true)
              }}
            >
              {held ? (waiting > 0 ? `Go on (${waiting} new)` : "Go on") : "Pause"}
            </Button>
            <IconButton
              size="sm"
              label={wraps ? "Do not wrap lines" : "Wrap lines"}
              aria-pressed={wraps}
              icon={<WrapText aria-hidden className={wraps ? "text-accent-text" : ""} />}
              onClick={() => setWraps(!wraps)}
            />
            <IconButton
              size="sm"
              label="Download what is shown"
              icon={<Download aria-hidden />}
              reason={shown.length === 0 ? "There is nothing to download." : null}
              onClick={() => saveFile(`${app}.log`, shown.map(asText).join(""))}
            />
          </div>
        </div>
        <LogLines
          app={app}
          lines={shown}
          wraps={wraps}
          linked={linked}
          query={wanted.q.trim().toLowerCase()}
          isFollowing={isFollowing && !held}
          onFollow={(next) => {
            setFollowing(next)
            if (next && held) setHeld(null)
          }}
          jump={jump}
          empty={<NoLine isFiltered={source.length > 0} isBehind={isBehind} onAll={() => void setFilter(null)} />}
        />
        <p role="status" className="border-line border-t px-4 py-2 text-ink-3 text-xs tabular-nums">
          {statusWords(shown.length, source.length, held !== null, waiting)}
        </p>
      </Card>
    </>
  )
}

/** The line of the address: reads back to it when it is older than what is loaded, then goes there once. */
function useLinkedLine(shown: LogLineView[], all: LogLineView[], startAt: (after: number) => void, onJump: () => void) {
  const linked = useLineHash()
  const [asked, setAsked] = useState<number | null>(null)
  const [jump, setJump] = useState<Jump | null>(null)
  const [done, setDone] = useState<number | null>(null)
  useEffect(() => {
    if (linked === null || done === linked) return
    const index = shown.findIndex(({ id }) => id === linked)
    if (index >= 0) {
      setDone(linked)
      onJump()
      setJump((before) => ({ index, turn: (before?.turn ?? 0) + 1 }))
    } else if (asked !== linked && all[0] && linked < all[0].id) {
      setAsked(linked)
      startAt(Math.max(0, linked - BEFORE_LINKED))
    }
  }, [linked, shown, all, asked, done, startAt, onJump])
  return [linked, jump] as const
}

function NoLine({ isFiltered, isBehind, onAll }: { isFiltered: boolean; isBehind: boolean; onAll: () => void }) {
  if (isBehind) return <p className="px-4 py-3 font-sans text-base text-ink-3">Reading…</p>
  return isFiltered ? (
    <EmptyState
      icon={ScrollText}
      title="No line matches"
      className="font-sans text-base"
      action={<Button onClick={onAll}>Show all</Button>}
    >
      None of the lines that are loaded has this text, source and replica. New ones that do will appear.
    </EmptyState>
  ) : (
    <EmptyState icon={ScrollText} title="Nothing printed yet" className="font-sans text-base">
      What the app writes to its standard output, by Logger or IO, appears here within a moment.
    </EmptyState>
  )
}

function newer(lines: LogLineView[], held: LogLineView[]): number {
  const last = held.at(-1)?.id ?? 0
  return lines.length - (lines.findLastIndex(({ id }) => id <= last) + 1)
}

function known(replicas: string[], chosen: string): string[] {
  return chosen && !replicas.includes(chosen) ? [...replicas, chosen] : replicas
}

function statusWords(shown: number, all: number, isHeld: boolean, waiting: number): string {
  const count = shown === all ? `${all.toLocaleString("en")} lines` : `${shown.toLocaleString("en")} of ${all.toLocaleString("en")} lines`
  return isHeld ? `${count} · paused${waiting > 0 ? `, ${waiting} came since` : ""}` : count
}

function asText(line: LogLineView): string {
  return `${line.at} ${line.source === "app" ? line.replica : line.source}: ${plainText(line.text)}\n`
}
