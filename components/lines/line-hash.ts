"use client"

import { useEffect, useState } from "react"

/** The line that the address points at: `#L120`. `null` when it points at none. */
export function useLineHash(): number | null {
  const [line, setLine] = useState<number | null>(null)
  useEffect(() => {
    const read = () => setLine(lineOf(window.location.hash))
    read()
    window.addEventListener("hashchange", read)
    return () => window.removeEventListener("hashchange", read)
  }, [])
  return line
}

function lineOf(hash: string): number | null {
  const digits = /^#L(\d{1,15})$/.exec(hash)?.[1]
  return digits ? Number(digits) : null
}
