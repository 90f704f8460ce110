"use client"

import dynamic from "next/dynamic"
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react"

/** Loaded at the first press: nobody pays for it before. */
const Palette = dynamic(() => import("./palette-content"), { ssr: false })

const Open = createContext<() => void>(() => undefined)

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false)
  const [wasOpen, setWasOpen] = useState(false)
  const open = useMemo(
    () => () => {
      setWasOpen(true)
      setOpen(true)
    },
    [],
  )
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
      {wasOpen ? <Palette isOpen={isOpen} onClose={() => setOpen(false)} /> : null}
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
