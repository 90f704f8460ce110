"use client"

import { useSyncExternalStore } from "react"

const never = () => () => undefined

/** Whether the page is alive: `false` on the server and until React has taken over its markup. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
