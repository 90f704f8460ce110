import { Gauge, History, KeyRound, type LucideIcon, ScrollText, Settings, SlidersVertical, SquareTerminal } from "lucide-react"
import type { Route } from "next"
import { paths } from "@/components/paths"

interface AppPage {
  label: string
  icon: LucideIcon
  path: (app: string) => Route
  /** Other words one might look for it by. */
  keywords: string[]
  /** Pages below it. */
  owns?: (app: string) => string
}

/** The pages of one app, in the order of the side bar, the tabs and the palette. */
export const appPages: AppPage[] = [
  { label: "Overview", icon: Gauge, path: paths.app, keywords: ["status", "replicas", "health"] },
  {
    label: "Releases",
    icon: History,
    path: paths.releases,
    keywords: ["builds", "deploys", "roll back"],
    owns: (app) => `${paths.app(app)}/builds`,
  },
  { label: "Logs", icon: ScrollText, path: paths.logs, keywords: ["tail", "output"] },
  { label: "One-offs", icon: SquareTerminal, path: paths.oneOffs, keywords: ["run", "command", "migrate", "migrations", "task", "job"] },
  { label: "Config", icon: KeyRound, path: paths.config, keywords: ["environment", "variables", "secrets"] },
  { label: "Scale", icon: SlidersVertical, path: paths.scale, keywords: ["replicas", "size", "memory"] },
  {
    label: "Settings",
    icon: Settings,
    path: paths.settings,
    keywords: ["health check", "rollout", "release command", "migrations", "maintenance", "delete", "ssh"],
  },
]

/** Whether one is on this page or on one below it. */
export function isOn(page: AppPage, app: string, pathname: string): boolean {
  const own = page.path(app)
  if (own === paths.app(app)) return pathname === own
  return [own, page.owns?.(app)].some((start) => start !== undefined && (pathname === start || pathname.startsWith(`${start}/`)))
}
