import type { QueryClient } from "@tanstack/react-query"
import { staleOn, type ViewName } from "./views"

/** The first change shows at once; a storm of them is read at most this often. */
const PAUSE_MS = 400

/** Collects what changed and tells react-query. A page that nobody sees only remembers it, and reads when it is looked at. */
export function invalidateSoon(client: QueryClient) {
  const changed = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | null = null

  function flush() {
    timer = changed.size > 0 ? setTimeout(flush, PAUSE_MS) : null
    const tables = new Set(changed)
    changed.clear()
    void client.invalidateQueries({ predicate: ({ queryKey }) => isStale(queryKey[0] as ViewName, tables), ...refetch() })
  }

  return {
    tables(table: string) {
      changed.add(table)
      if (!timer) flush()
    },
    everything() {
      void client.invalidateQueries(refetch())
    },
    end() {
      if (timer) clearTimeout(timer)
    },
  }
}

function isStale(view: ViewName, tables: ReadonlySet<string>): boolean {
  return (staleOn[view] ?? []).some((table) => tables.has(table))
}

function refetch() {
  return { refetchType: document.visibilityState === "hidden" ? ("none" as const) : ("active" as const) }
}
