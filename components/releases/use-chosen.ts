"use client"

import { parseAsArrayOf, parseAsInteger, useQueryState } from "nuqs"

/** The releases that are being chosen for a comparison, as `?compare=5,3`; `null` while nobody chooses. */
export function useChosen(): [chosen: number[] | null, setChosen: (chosen: number[] | null) => void] {
  const [chosen, setChosen] = useQueryState("compare", parseAsArrayOf(parseAsInteger).withOptions({ history: "replace" }))
  return [chosen, (next) => void setChosen(next)]
}
