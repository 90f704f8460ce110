import type { AccountView } from "@/server/accounts/views"
import type { AppsView, FirstPushView, NameView, SwitcherView } from "@/server/apps/views"

/** Tables whose changes are told (db/migrations: `phial_events`). */
export type Table = "apps" | "permissions" | "builds" | "releases" | "rollouts" | "replicas" | "log_lines" | "build_output"

/**
 * What pages read: the parameters and the answer of each view. Server and browser share these types; `app/data/queries.ts` says
 * who answers. A new view is a line here, one in `staleOn`, and one there.
 */
export interface Views {
  account: { params: Record<never, never>; data: AccountView }
  apps: { params: Record<never, never>; data: AppsView }
  switcher: { params: Record<never, never>; data: SwitcherView }
  /** Whether a new app can have this name. */
  name: { params: { name: string }; data: NameView }
  /** A new app that waits for its first push. */
  firstPush: { params: { app: string }; data: FirstPushView }
}

export type ViewName = keyof Views

/** A change in one of these tables makes the view stale. */
export const staleOn: Record<ViewName, readonly Table[]> = {
  account: [],
  apps: ["apps", "permissions", "builds", "releases", "rollouts", "replicas"],
  switcher: ["apps", "permissions", "builds", "releases", "rollouts", "replicas"],
  name: [],
  firstPush: ["apps", "builds"],
}
