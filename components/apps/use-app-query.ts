"use client"

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs"
import { statesByUrgency } from "./state"

const sorts = ["state", "name", "deployed"] as const
const owners = ["all", "mine", "shared"] as const

/** What the list is narrowed to; in the URL, so that it can be linked and Back works. */
export function useAppQuery() {
  return useQueryStates({
    q: parseAsString.withDefault(""),
    state: parseAsStringLiteral(["all", ...statesByUrgency] as const).withDefault("all"),
    owner: parseAsStringLiteral(owners).withDefault("all"),
    sort: parseAsStringLiteral(sorts).withDefault("state"),
  })
}

export type AppQuery = ReturnType<typeof useAppQuery>[0]
