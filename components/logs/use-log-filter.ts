"use client"

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs"

export const sources = ["all", "app", "platform", "router", "build"] as const

/** What the lines are narrowed to; in the URL, so that it can be linked. */
export function useLogFilter() {
  return useQueryStates({
    q: parseAsString.withDefault(""),
    source: parseAsStringLiteral(sources).withDefault("all"),
    replica: parseAsString.withDefault(""),
  })
}

export type LogFilter = ReturnType<typeof useLogFilter>[0]
