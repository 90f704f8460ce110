"use client"

import { Layers, LogOut, Monitor, Moon, Plus, Sun, UserRound } from "lucide-react"
import type { Route } from "next"
import { useParams, useRouter } from "next/navigation"
import { useTheme } from "next-themes"
import { stateLooks } from "@/components/apps/state"
import { useLaterView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import CommandPalette, { type PaletteGroup } from "@/components/ui/command-palette"
import { StatusIcon } from "@/components/ui/status"
import { appActions } from "./app-actions"
import { appPages } from "./app-pages"
import { useSignOut } from "./sign-out"

/** What the palette offers here: this app's pages and actions first, then every app, then the rest. */
export default function PaletteContent({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const router = useRouter()
  const { app } = useParams<{ app?: string }>()
  const { setTheme } = useTheme()
  const signOut = useSignOut()
  const apps = useLaterView("switcher", {}, isOpen).data?.apps ?? []
  const go = (href: Route) => () => router.push(href)

  const groups: PaletteGroup[] = [
    ...(app ? [ofApp(app, go)] : []),
    {
      heading: "Apps",
      items: apps.map(({ name, state }) => ({
        id: `app ${name}`,
        label: name,
        note: stateLooks[state].label,
        icon: <StatusIcon tone={stateLooks[state].tone} />,
        run: go(paths.app(name)),
      })),
    },
    {
      heading: "Everywhere",
      items: [
        { id: "apps", label: "All apps", icon: <Layers />, run: go(paths.apps()) },
        { id: "new app", label: "New app", icon: <Plus />, keywords: ["create"], run: go(paths.newApp()) },
        { id: "account", label: "Account", icon: <UserRound />, keywords: ["password", "profile"], run: go(paths.account()) },
        { id: "api keys", label: "API keys", icon: <UserRound />, keywords: ["token"], run: go(`${paths.account()}#api-keys` as Route) },
        { id: "ssh keys", label: "SSH keys", icon: <UserRound />, run: go(`${paths.account()}#ssh-keys` as Route) },
        { id: "sessions", label: "Sessions", icon: <UserRound />, run: go(`${paths.account()}#sessions` as Route) },
        { id: "light", label: "Light theme", icon: <Sun />, run: () => setTheme("light") },
        { id: "dark", label: "Dark theme", icon: <Moon />, run: () => setTheme("dark") },
        { id: "system", label: "Theme of the system", icon: <Monitor />, run: () => setTheme("system") },
        { id: "sign out", label: "Sign out", icon: <LogOut />, keywords: ["log out"], run: signOut },
      ],
    },
  ]
  return <CommandPalette isOpen={isOpen} onClose={onClose} groups={groups.filter((group) => group.items.length > 0)} />
}

function ofApp(app: string, go: (href: Route) => () => void): PaletteGroup {
  return {
    heading: app,
    items: [
      ...appPages.map((page) => ({
        id: `${app}: ${page.label}`,
        label: page.label,
        icon: <page.icon />,
        keywords: page.keywords,
        run: go(page.path(app)),
      })),
      ...appActions.map((action) => ({
        id: `${app}: ${action.label}`,
        label: action.label,
        icon: <action.icon />,
        keywords: action.keywords,
        run: go(action.path(app)),
      })),
    ],
  }
}
