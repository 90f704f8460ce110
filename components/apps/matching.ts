import type { AppRow } from "@/server/apps/views"
import { statesByUrgency } from "./state"
import type { AppQuery } from "./use-app-query"

/** The apps that were asked for, in the order that was asked for. */
export function matching(apps: AppRow[], query: AppQuery): AppRow[] {
  const text = query.q.trim().toLowerCase()
  const found = apps.filter(
    (app) =>
      (query.state === "all" || app.state === query.state) &&
      (query.owner === "all" || (query.owner === "mine") === (app.role === "owner")) &&
      (text === "" || app.name.includes(text) || app.owner.includes(text) || (app.release.commit?.startsWith(text) ?? false)),
  )
  return found.sort((a, b) => orders[query.sort](a, b) || byName(a, b))
}

const byName = (a: AppRow, b: AppRow) => a.name.localeCompare(b.name)

const orders: Record<AppQuery["sort"], (a: AppRow, b: AppRow) => number> = {
  state: (a, b) => statesByUrgency.indexOf(a.state) - statesByUrgency.indexOf(b.state),
  name: byName,
  deployed: (a, b) => b.release.at.localeCompare(a.release.at),
}
