"use client"

import { parseAsString, useQueryState } from "nuqs"
import { useCallback } from "react"

/**
 * A dialog that has a URL: `?dialog=<name>`. Back closes it, a link opens it.
 * @returns whether it is open, and how to open and close it.
 */
export function useDialogUrl(name: string): [isOpen: boolean, open: () => void, close: () => void] {
  const [current, setCurrent] = useQueryState("dialog", parseAsString.withOptions({ history: "push" }))
  const open = useCallback(() => void setCurrent(name), [name, setCurrent])
  const close = useCallback(() => void setCurrent(null), [setCurrent])
  return [current === name, open, close]
}
