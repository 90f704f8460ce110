"use client"

import { useQueryClient } from "@tanstack/react-query"
import { useParams } from "next/navigation"
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react"
import { paths } from "@/components/paths"
import { invalidateSoon } from "./invalidate"
import { type Change, openStream } from "./stream"
import type { Table } from "./views"

export type LiveState = "live" | "reconnecting" | "caught_up"

type Listener = (change: Change | "missed") => void

const State = createContext<LiveState>("live")
const Listeners = createContext<Set<Listener>>(new Set())

/** A blink of the network is nobody's business. */
const SHOW_LOST_AFTER_MS = 1_500
const CAUGHT_UP_MS = 6_000

/** One stream a page: tells react-query what went stale, and the shell how the connection is. */
export function Live({ children }: { children: ReactNode }) {
  const { app } = useParams<{ app?: string }>()
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>("live")
  const [listeners] = useState(() => new Set<Listener>())

  useEffect(() => {
    const stale = invalidateSoon(client)
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOpen = true
    const settle = (next: LiveState, afterMs: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => setState(next), afterMs)
    }
    const close = openStream(paths.events(app), {
      onChange: (change) => {
        stale.tables(change.table)
        for (const listener of listeners) listener(change)
      },
      onMissed: () => {
        stale.everything()
        for (const listener of listeners) listener("missed")
      },
      onState: (next) => {
        // Each vain attempt is told anew; only the first counts.
        if (isOpen === (next === "open")) return
        isOpen = next === "open"
        if (!isOpen) return settle("reconnecting", SHOW_LOST_AFTER_MS)
        setState((before) => (before === "live" ? "live" : "caught_up"))
        settle("live", CAUGHT_UP_MS)
      },
    })
    return () => {
      clearTimeout(timer)
      stale.end()
      close()
    }
  }, [app, client, listeners])

  return (
    <Listeners value={listeners}>
      <State value={state}>{children}</State>
    </Listeners>
  )
}

export function useLiveState(): LiveState {
  return useContext(State)
}

/** Calls when a row of one of these tables changed, or when changes were missed: for what is read piece by piece, as lines are. */
export function useChanges(tables: readonly Table[], onChange: (id: string | null) => void): void {
  const listeners = useContext(Listeners)
  const latest = useRef({ tables, onChange })
  useEffect(() => {
    latest.current = { tables, onChange }
  })
  useEffect(() => {
    const listener: Listener = (change) => {
      if (change === "missed") latest.current.onChange(null)
      else if ((latest.current.tables as readonly string[]).includes(change.table)) latest.current.onChange(change.id)
    }
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [listeners])
}
