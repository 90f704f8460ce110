"use client"

import { useState } from "react"

/** Whether it was ever open: from then on it is drawn, so that it can close with its own grace. */
export function useWasOpen(isOpen: boolean): boolean {
  const [was, setWas] = useState(isOpen)
  if (isOpen && !was) setWas(true)
  return was || isOpen
}
