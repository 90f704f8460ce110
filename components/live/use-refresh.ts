"use client"

import { useQueryClient } from "@tanstack/react-query"
import type { ViewName } from "./views"

/** Reads a view anew after a change of one's own that no stream tells of. */
export function useRefresh(...views: ViewName[]): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await Promise.all(views.map((view) => client.invalidateQueries({ queryKey: [view] })))
  }
}
