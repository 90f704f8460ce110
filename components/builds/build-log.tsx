"use client"

import { ChevronRight, Clock, Download, FoldVertical, UnfoldVertical } from "lucide-react"
import { useDeferredValue, useEffect, useMemo, useState } from "react"
import { clockTime } from "@/components/lines/clock-time"
import { useLineHash } from "@/components/lines/line-hash"
import { type Jump, LineList, ROW_HEIGHT } from "@/components/lines/line-list"
import { LineText } from "@/components/lines/line-text"
import { LogSearch } from "@/components/lines/log-search"
import { plainText } from "@/components/lines/plain-text"
import { saveFile } from "@/components/lines/save-file"
import { useLineFeed } from "@/components/lines/use-line-feed"
import { fetchView } from "@/components/live/fetch-view"
import { Card } from "@/components/ui/card"
import { cn } from "@/components/ui/cn"
import { IconButton } from "@/components/ui/icon-button"
import { Duration } from "@/components/ui/relative-time"
import { Spinner } from "@/components/ui/spinner"
import type { BuildLine, BuildLinesView, BuildView } from "@/server/builds/views"
import { groupsOf, type PhaseGroup, rowsOf } from "./phase-groups"
import { phaseLabel } from "./phase-label"

/** Of a phase: `h-8`. */
const HEAD_HEIGHT = 32
/** A log of so few lines is shown whole. */
const SHORT = 200

/** What a build prints: live, in phases that fold, to search and to link into. */
export function BuildLog({ build, first }: { build: BuildView; first: BuildLinesView }) {
  const { lines, isBehind } = useLineFeed({
    first,
    table: "build_output",
    about: build.id,
    read: (after) => fetchView("buildLines", { app: build.app, build: build.id, after }),
  })
  const isLive = build.endedAt === null
  const [isFollowing, setFollowing] = useState(true)
  const [hasTimes, setTimes] = useState(false)
  const [folds, setFolds] = useState<{ all: boolean | null; single: Record<number, boolean> }>({ all: null, single: {} })
  const [search, setSearch] = useState("")
  const query = useDeferredValue(search.trim().toLowerCase())
  const [jump, setJump] = useState<Jump | null>(null)
  const [hit, setHit] = useState(0)
  const linked = useLineHash()

  const groups = useMemo(() => groupsOf(lines, build.phases), [lines, build.phases])
  const hits = useMemo(() => hitsOf(lines, query), [lines, query])
  const rows = useMemo(() => {
    const hitGroups = new Set(hits.map((line) => groups.findIndex((group) => line >= group.from && line < group.to)))
    return rowsOf(groups, (group, i) => {
      if (query) return hitGroups.has(i)
      if (linked !== null && linked > group.from && linked <= group.to && folds.single[i] === undefined) return true
      return folds.single[i] ?? folds.all ?? (lines.length <= SHORT || isOpenAtFirst(build, groups, i))
    })
  }, [groups, hits, query, folds, linked, build, lines.length])

  const shown = hits[Math.min(hit, hits.length - 1)] ?? null
  const target = query ? shown : linked === null ? null : linked - 1
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are looked through when the target changes, not when lines come.
  useEffect(() => {
    if (target === null) return
    const index = rows.findIndex((row) => "line" in row && row.line === target)
    if (index < 0) return
    setFollowing(false)
    setJump((before) => ({ index, turn: (before?.turn ?? 0) + 1 }))
  }, [target, lines.length > (target ?? 0)])

  const toggle = (group: number, isOpen: boolean) => setFolds({ ...folds, single: { ...folds.single, [group]: isOpen } })
  return (
    <Card className="overflow-hidden" aria-label="Log">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
        <LogSearch
          value={search}
          onChange={(text) => {
            setSearch(text)
            setHit(0)
          }}
          hits={query ? { count: hits.length, at: shown === null ? 0 : Math.min(hit, hits.length - 1) + 1 } : null}
          onStep={(step) => setHit((before) => (hits.length === 0 ? 0 : (before + step + hits.length) % hits.length))}
        />
        <div className="ml-auto flex items-center gap-1">
          {isBehind ? <Spinner className="mr-1 text-ink-3" /> : null}
          <IconButton
            size="sm"
            label={hasTimes ? "Hide the times" : "Show the times"}
            aria-pressed={hasTimes}
            icon={<Clock aria-hidden className={hasTimes ? "text-accent-text" : ""} />}
            onClick={() => setTimes(!hasTimes)}
          />
          <IconButton
            size="sm"
            label="Unfold all phases"
            icon={<UnfoldVertical aria-hidden />}
            onClick={() => setFolds({ all: true, single: {} })}
          />
          <IconButton
            size="sm"
            label="Fold all phases"
            icon={<FoldVertical aria-hidden />}
            onClick={() => setFolds({ all: false, single: {} })}
          />
          <IconButton
            size="sm"
            label="Download the log"
            icon={<Download aria-hidden />}
            reason={isBehind ? "The rest of it is still being read." : null}
            onClick={() => saveFile(`${build.app}-build-${build.number}.log`, lines.map((line) => `${plainText(line.text)}\n`).join(""))}
          />
        </div>
      </div>
      <LineList
        label={`Output of build ${build.number}`}
        className="h-[calc(100dvh-20rem)] min-h-96"
        count={rows.length}
        rowKey={(i) => keyOf(rows[i])}
        heightOf={(i) => (rows[i] && "group" in rows[i] ? HEAD_HEIGHT : ROW_HEIGHT)}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        jump={jump}
        empty={
          <p className="px-4 py-3 font-sans text-base text-ink-3">
            {build.state === "queued"
              ? "It waits for its turn; its output appears here."
              : isLive
                ? "Nothing printed yet…"
                : "It printed nothing."}
          </p>
        }
        row={(i) => {
          const row = rows[i]
          if (!row) return null
          if ("group" in row) {
            const group = groups[row.group]
            const next = rows[i + 1]
            const isOpen = next !== undefined && "line" in next
            return group ? (
              <PhaseHead
                group={group}
                isOpen={isOpen}
                isRunning={isLive && group.endedAt === null}
                onToggle={() => toggle(row.group, !isOpen)}
              />
            ) : null
          }
          const line = lines[row.line]
          if (!line) return null
          const isTarget = target === row.line
          return <Line line={line} number={row.line + 1} hasTime={hasTimes} isTarget={isTarget} query={query} />
        }}
      />
    </Card>
  )
}

function keyOf(row: { group: number } | { line: number } | undefined): string {
  return !row ? "none" : "group" in row ? `phase ${row.group}` : `line ${row.line}`
}

/** Phases that ended well fold themselves; the last one stays, for how it ended. */
function isOpenAtFirst(build: BuildView, groups: PhaseGroup[], index: number): boolean {
  const last = groups.findLastIndex((group) => group.to > group.from)
  return index >= last || (build.endedAt === null && groups[index]?.endedAt === null)
}

function hitsOf(lines: BuildLine[], query: string): number[] {
  if (!query) return []
  const hits: number[] = []
  lines.forEach((line, i) => {
    if (plainText(line.text).toLowerCase().includes(query)) hits.push(i)
  })
  return hits
}

function PhaseHead({
  group,
  isOpen,
  isRunning,
  onToggle,
}: {
  group: PhaseGroup
  isOpen: boolean
  isRunning: boolean
  onToggle: () => void
}) {
  const count = group.to - group.from
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      disabled={count === 0}
      onClick={onToggle}
      className="sticky left-0 flex h-8 w-full items-center gap-2 px-3 text-left font-medium font-sans text-ink text-sm hover:bg-hover"
    >
      <ChevronRight
        aria-hidden
        className={cn("size-4 shrink-0 text-ink-3 transition-transform", isOpen && "rotate-90", count === 0 && "invisible")}
      />
      {phaseLabel(group.name)}
      {isRunning ? <Spinner className="size-3.5 text-info-mark" /> : null}
      <span className="font-normal text-ink-3 text-xs">
        {group.startedAt ? <Duration from={group.startedAt} to={group.endedAt ?? (isRunning ? null : group.startedAt)} /> : null}
        {count > 0 ? ` · ${count} ${count === 1 ? "line" : "lines"}` : ""}
      </span>
    </button>
  )
}

function Line({
  line,
  number,
  hasTime,
  isTarget,
  query,
}: {
  line: BuildLine
  number: number
  hasTime: boolean
  isTarget: boolean
  query: string
}) {
  return (
    <div className={cn("flex w-max min-w-full pr-4 hover:bg-hover", isTarget && "bg-accent-soft")}>
      <a
        href={`#L${number}`}
        aria-label={`Line ${number}`}
        className="w-14 shrink-0 select-none pr-3 text-right text-ink-3 tabular-nums hover:text-accent-text hover:underline"
      >
        {number}
      </a>
      {hasTime ? <time className="w-28 shrink-0 select-none text-ink-3">{clockTime(line.at)}</time> : null}
      <span className="min-h-6 whitespace-pre">
        <LineText text={line.text} query={query} />
      </span>
    </div>
  )
}
