import { GitCompareArrows, type LucideIcon, RotateCw, Trash2, Undo2 } from "lucide-react"
import type { Route } from "next"
import { paths } from "@/components/paths"

/** What one can do to an app, as the palette offers it: each opens the page where it is explained and done. */
export const appActions: { label: string; icon: LucideIcon; keywords: string[]; path: (app: string) => Route }[] = [
  { label: "Restart", icon: RotateCw, keywords: ["reboot"], path: (app) => `${paths.app(app)}?dialog=restart` as Route },
  { label: "Roll back", icon: Undo2, keywords: ["undo", "previous release"], path: (app) => paths.releases(app) },
  { label: "Compare releases", icon: GitCompareArrows, keywords: ["diff", "what changed"], path: (app) => paths.compare(app) },
  { label: "Delete", icon: Trash2, keywords: ["remove", "destroy"], path: (app) => `${paths.settings(app)}?dialog=delete` as Route },
]
