"use client"

import { useSyncExternalStore } from "react"

const TICK_MS = 1000
let now = 0
let timer: ReturnType<typeof setInterval> | null = null
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(tick, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }
}

function tick() {
  now = Date.now()
  for (const listener of listeners) listener()
}

/**
 * The time, one clock for the whole page.
 * @param stepMs how often this reader wants to be told: it renders anew only when a step has passed.
 * @returns milliseconds, rounded down to the step; `null` on the server and until the page is alive.
 */
export function useNow(stepMs = TICK_MS): number | null {
  return useSyncExternalStore(
    subscribe,
    () => Math.floor((now || Date.now()) / stepMs) * stepMs,
    () => null,
  )
}
