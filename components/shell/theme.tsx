"use client"

import { ThemeProvider } from "next-themes"
import type { ReactNode } from "react"

/** Sets `data-theme` before the first paint, from the reader's choice, else from their system. */
export function Theme({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange>
      {children}
    </ThemeProvider>
  )
}
