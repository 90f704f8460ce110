"use client"

import { Menu, Search } from "lucide-react"
import Link from "next/link"
import { useParams } from "next/navigation"
import { useState } from "react"
import { paths } from "@/components/paths"
import { IconButton } from "@/components/ui/icon-button"
import { useLoaded } from "@/components/ui/loaded"
import { AppSwitcher } from "./app-switcher"
import { LiveIndicator } from "./live-indicator"
import { Wordmark } from "./logo"
import { usePalette } from "./palette"

const load = () => import("./drawer-content")

/** The top bar of small screens, and the side bar as a drawer behind it. */
export function Drawer({ email }: { email: string }) {
  const [isOpen, setOpen] = useState(false)
  const Content = useLoaded(load, isOpen)
  const { app } = useParams<{ app?: string }>()
  const palette = usePalette()
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-line border-b bg-surface px-2 lg:hidden">
      <IconButton label="Menu" icon={<Menu />} aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => setOpen(true)} />
      {Content ? <Content email={email} isOpen={isOpen} onClose={() => setOpen(false)} /> : null}
      <div className="min-w-0 flex-1">
        {app ? (
          <AppSwitcher app={app} />
        ) : (
          <Link href={paths.apps()} className="inline-flex rounded-md" aria-label="Phial, all apps">
            <Wordmark />
          </Link>
        )}
      </div>
      <LiveIndicator isQuiet />
      <IconButton label="Go to…" icon={<Search />} onClick={palette.open} />
    </header>
  )
}
