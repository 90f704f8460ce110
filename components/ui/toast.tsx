"use client"

import { lazy, Suspense, useSyncExternalStore } from "react"

/** The library comes with the first message: most pages never say one. */
const Messages = lazy(() => import("./toast-messages"))

let isWanted = false
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** What can be done next, as a button in the message. */
interface Next {
  label: string
  onClick: () => void
}

function say(kind: "success" | "error" | "message", words: string, description?: string, next?: Next) {
  isWanted = true
  for (const listener of listeners) listener()
  void import("sonner").then(({ toast }) =>
    toast[kind](words, { ...(description ? { description } : {}), ...(next ? { action: next } : {}) }),
  )
}

/** Says that something was done, or not, where the page itself has no place for it. Errors of a field belong beside the field. */
export const toast = {
  success: (words: string, description?: string, next?: Next) => say("success", words, description, next),
  error: (words: string, description?: string) => say("error", words, description),
  message: (words: string, description?: string) => say("message", words, description),
}

/** Once a page, in the root layout. */
export function Toaster() {
  const wanted = useSyncExternalStore(
    subscribe,
    () => isWanted,
    () => false,
  )
  return wanted ? (
    <Suspense>
      <Messages />
    </Suspense>
  ) : null
}
