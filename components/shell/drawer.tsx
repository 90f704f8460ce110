"use client"

import { Menu, Search } from "lucide-react"
import Link from "next/link"
import { useParams } from "next/navigation"
import { Dialog } from "radix-ui"
import { useState } from "react"
import { paths } from "@/components/paths"
import { IconButton } from "@/components/ui/icon-button"
import { AppSwitcher } from "./app-switcher"
import { LiveIndicator } from "./live-indicator"
import { Wordmark } from "./logo"
import { usePalette } from "./palette"
import { Sidebar } from "./sidebar"

/** The top bar of small screens, and the side bar as a drawer behind it. */
export function Drawer({ email }: { email: string }) {
  const [isOpen, setOpen] = useState(false)
  const { app } = useParams<{ app?: string }>()
  const palette = usePalette()
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-line border-b bg-surface px-2 lg:hidden">
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <IconButton label="Menu" icon={<Menu />} onClick={() => setOpen(true)} />
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-[min(18rem,85vw)] animate-slide bg-surface shadow-float outline-none"
          >
            <Dialog.Title className="sr-only">Menu</Dialog.Title>
            <Sidebar email={email} onLeave={() => setOpen(false)} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
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
