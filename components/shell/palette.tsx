"use client"

import { createContext, type ReactNode, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react"
import { useLoaded } from "@/components/ui/loaded"

/** Loaded at the first press: nobody pays for it before. */
const load = () => import("./palette-content")

const Open = createContext<() => void>(() => undefined)

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false)
  const Palette = useLoaded(load, isOpen)
  const open = useCallback(() => setOpen(true), [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      open()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [open])
  return (
    <Open value={open}>
      {children}
      {Palette ? <Palette isOpen={isOpen} onClose={() => setOpen(false)} /> : null}
    </Open>
  )
}

/** Opens the palette; and what to press for it on this keyboard. */
export function usePalette(): { open: () => void; shortcut: string } {
  const open = useContext(Open)
  const isMac = useSyncExternalStore(
    nothingChanges,
    () => /Mac|iP/.test(navigator.platform),
    () => false,
  )
  return { open, shortcut: isMac ? "⌘K" : "Ctrl K" }
}

const nothingChanges = () => () => undefined
