"use client"

import { useCallback, useEffect, useRef, useState } from "react"
import { useChanges } from "@/components/live/live"
import type { Table } from "@/components/live/views"

interface Batch<Line> {
  lines: Line[]
  hasMore: boolean
}

/** A burst of notices is read this often. */
const PAUSE_MS = 250
const RETRY_MS = 3_000
/** What a page holds at most; the oldest go first. */
const MOST_LINES = 100_000

/**
 * Lines that come and come: begins with what the server rendered, reads what came after whenever the stream says so, one request
 * at a time. A failed read is tried again.
 * @param options.read answers what came after a line.
 * @param options.about whose notices count; `null` for all.
 */
export function useLineFeed<Line extends { id: number }>(options: {
  first: Batch<Line>
  table: Table
  about: string | null
  read: (after: number) => Promise<Batch<Line>>
}): { lines: Line[]; isBehind: boolean; startAt: (after: number) => void } {
  const [lines, setLines] = useState(options.first.lines)
  const [isBehind, setBehind] = useState(options.first.hasMore)
  const read = useRef(options.read)
  const state = useRef({ last: options.first.lines.at(-1)?.id ?? 0, isReading: false, isStale: options.first.hasMore, isGone: false })
  useEffect(() => {
    read.current = options.read
  })

  const pump = useCallback(async () => {
    const now = state.current
    now.isStale = true
    if (now.isReading) return
    now.isReading = true
    while (now.isStale && !now.isGone) {
      now.isStale = false
      const batch = await read.current(now.last).catch(() => null)
      if (batch) {
        now.last = batch.lines.at(-1)?.id ?? now.last
        now.isStale ||= batch.hasMore
        if (batch.lines.length > 0) setLines((before) => appended(before, batch.lines))
        setBehind(batch.hasMore)
      } else now.isStale = true
      await new Promise((resolve) => setTimeout(resolve, batch ? (batch.hasMore ? 0 : PAUSE_MS) : RETRY_MS))
    }
    now.isReading = false
  }, [])

  useEffect(() => {
    const now = state.current
    now.isGone = false
    // Between the server's render and the stream's first notice something may have come.
    void pump()
    return () => {
      now.isGone = true
    }
  }, [pump])
  useChanges([options.table], (id) => {
    if (options.about === null || id === null || id === options.about) void pump()
  })

  /** Reads anew from an older line on. */
  const startAt = useCallback(
    (after: number) => {
      state.current.last = after
      setLines([])
      setBehind(true)
      void pump()
    },
    [pump],
  )
  return { lines, isBehind, startAt }
}

function appended<Line extends { id: number }>(before: Line[], more: Line[]): Line[] {
  const last = before.at(-1)?.id ?? 0
  const fresh = more[0] && more[0].id > last ? more : more.filter(({ id }) => id > last)
  const all = before.concat(fresh)
  return all.length > MOST_LINES ? all.slice(-MOST_LINES) : all
}
