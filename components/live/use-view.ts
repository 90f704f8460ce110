"use client"

import { type UseQueryResult, useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { fetchView } from "./fetch-view"
import type { ViewName, Views } from "./views"

/**
 * What a page shows, kept true: the server renders it (see `app/data/hydrate.tsx`), the stream says when it went stale.
 * Without data it waits in the nearest `loading`; a failure with data at hand keeps the data, and the shell says that it is old.
 */
export function useView<K extends ViewName>(name: K, params: Views[K]["params"]): Views[K]["data"] {
  return useSuspenseQuery(viewQuery(name, params)).data
}

/** For what is only wanted at times: a palette once it is open, a check of what was typed. */
export function useLaterView<K extends ViewName>(name: K, params: Views[K]["params"], isWanted: boolean): UseQueryResult<Views[K]["data"]> {
  return useQuery({ ...viewQuery(name, params), enabled: isWanted })
}

function viewQuery<K extends ViewName>(name: K, params: Views[K]["params"]) {
  return { queryKey: [name, params], queryFn: ({ signal }: { signal: AbortSignal }) => fetchView(name, params, signal) }
}
