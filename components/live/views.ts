import type { Role } from "@/server/access/policy"
import type { AccountView } from "@/server/accounts/views"
import type { OverviewView } from "@/server/apps/overview-view"
import type { ScaleView } from "@/server/apps/scale-view"
import type { SettingsView } from "@/server/apps/settings-view"
import type { AppsView, FirstPushView, NameView, SwitcherView } from "@/server/apps/views"
import type { BuildLinesView, BuildView } from "@/server/builds/views"
import type { ConfigView } from "@/server/config/views"
import type { LogsView, OutputView } from "@/server/logs/views"
import type { OneOffsView, OneOffView } from "@/server/one-offs/views"
import type { ComparisonView } from "@/server/releases/comparison-view"
import type { ReleaseView, TimelineView } from "@/server/releases/views"

/** Tables whose changes are told (db/migrations: `phial_events`). */
export type Table = "apps" | "permissions" | "builds" | "releases" | "rollouts" | "replicas" | "one_offs" | "log_lines" | "build_output"

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
  overview: { params: { app: string }; data: OverviewView }
  scale: { params: { app: string }; data: ScaleView }
  settings: { params: { app: string }; data: SettingsView }
  config: { params: { app: string }; data: ConfigView }
  /** Releases and builds, newest first. */
  timeline: { params: { app: string; limit: number }; data: TimelineView }
  /** `against`: the version to compare with; `null` for the one before. */
  release: { params: { app: string; version: number; against: number | null }; data: ReleaseView }
  /** `null`: the newest, and the one before. */
  comparison: { params: { app: string; from: number | null; to: number | null }; data: ComparisonView }
  build: { params: { app: string; build: string }; data: BuildView }
  /** Read piece by piece, see `components/lines`: what came after a line. */
  buildLines: { params: { app: string; build: string; after: number }; data: BuildLinesView }
  oneOffs: { params: { app: string }; data: OneOffsView }
  oneOff: { params: { app: string; oneOff: string }; data: OneOffView & { app: string; role: Role } }
  /** The same for what an app prints; `null` for the last lines. */
  logs: { params: { app: string; after: number | null }; data: LogsView }
  /** The same for what one replica or one-off prints. */
  output: { params: { app: string; printer: string; after: number }; data: OutputView }
}

export type ViewName = keyof Views

/** A change in one of these tables makes the view stale. */
export const staleOn: Record<ViewName, readonly Table[]> = {
  account: [],
  apps: ["apps", "permissions", "builds", "releases", "rollouts", "replicas"],
  switcher: ["apps", "permissions", "builds", "releases", "rollouts", "replicas"],
  name: [],
  firstPush: ["apps", "builds"],
  overview: ["apps", "permissions", "builds", "releases", "rollouts", "replicas", "one_offs"],
  scale: ["apps", "permissions", "releases", "rollouts", "replicas"],
  settings: ["apps", "permissions", "builds", "releases", "replicas"],
  config: ["apps", "permissions", "releases", "rollouts", "replicas"],
  timeline: ["apps", "permissions", "builds", "releases", "rollouts", "replicas", "one_offs"],
  release: ["apps", "permissions", "builds", "releases", "rollouts", "replicas", "one_offs"],
  comparison: ["apps", "permissions", "releases", "rollouts"],
  build: ["apps", "permissions", "builds", "releases", "rollouts"],
  buildLines: [],
  oneOffs: ["apps", "permissions", "releases", "one_offs"],
  oneOff: ["apps", "permissions", "one_offs"],
  logs: [],
  output: [],
}
