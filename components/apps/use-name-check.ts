"use client"

import { useEffect, useState } from "react"
import { useLaterView } from "@/components/live/use-view"
import { whyNotName } from "@/server/apps/names"

export interface NameCheck {
  state: "free" | "taken" | "checking" | "empty"
  /** To be read after the name. */
  reason: string | null
}

/** Nobody is asked about half a word. */
const TYPED_MS = 250

/** Whether a new app can have this name, while it is typed: the rule is known here, whether it is taken only by the server. */
export function useNameCheck(typed: string): NameCheck {
  const name = typed.trim().toLowerCase()
  const settled = useSettled(name, TYPED_MS)
  const reason = name === "" ? null : whyNotName(name)
  const isAsked = name !== "" && reason === null
  const { data } = useLaterView("name", { name: settled }, isAsked && settled === name)
  if (name === "") return { state: "empty", reason: null }
  if (reason) return { state: "taken", reason }
  if (settled !== name || !data) return { state: "checking", reason: null }
  return { state: data.isFree ? "free" : "taken", reason: data.reason }
}

function useSettled(value: string, afterMs: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs)
    return () => clearTimeout(timer)
  }, [value, afterMs])
  return settled
}
