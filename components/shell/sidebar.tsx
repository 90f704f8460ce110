"use client"

import { Layers, Plus, Search } from "lucide-react"
import type { Route } from "next"
import Link from "next/link"
import { useParams, usePathname } from "next/navigation"
import type { ReactNode } from "react"
import { paths } from "@/components/paths"
import { cn } from "@/components/ui/cn"
import { Kbd } from "@/components/ui/code"
import { AccountMenu } from "./account-menu"
import { appPages, isOn } from "./app-pages"
import { AppSwitcher } from "./app-switcher"
import { LiveIndicator } from "./live-indicator"
import { Wordmark } from "./logo"
import { usePalette } from "./palette"

/** All ways out of a page. @param props.onLeave closes what holds it, where it is a drawer. */
export function Sidebar({ email, onLeave }: { email: string; onLeave?: () => void }) {
  const { app } = useParams<{ app?: string }>()
  const pathname = usePathname()
  return (
    <div className="flex h-full flex-col">
      <div className="px-4 pt-5 pb-4">
        <Link
          href={paths.apps()}
          {...(onLeave ? { onClick: onLeave } : {})}
          className="inline-flex rounded-md"
          aria-label="Phial, all apps"
        >
          <Wordmark />
        </Link>
      </div>
      <div className="px-3">
        <SearchButton {...(onLeave ? { onLeave } : {})} />
      </div>
      <nav aria-label="Main" className="flex-1 overflow-y-auto px-3 py-4">
        <ul className="grid gap-0.5">
          <NavLink href={paths.apps()} icon={<Layers />} isHere={pathname === paths.apps()} onLeave={onLeave}>
            Apps
          </NavLink>
          <NavLink href={paths.newApp()} icon={<Plus />} isHere={pathname === paths.newApp()} onLeave={onLeave}>
            New app
          </NavLink>
        </ul>
        {app ? (
          <div className="mt-5 border-line border-t pt-4">
            <AppSwitcher app={app} />
            <ul aria-label={`Pages of ${app}`} className="mt-2 grid gap-0.5">
              {appPages.map((page) => (
                <NavLink key={page.label} href={page.path(app)} icon={<page.icon />} isHere={isOn(page, app, pathname)} onLeave={onLeave}>
                  {page.label}
                </NavLink>
              ))}
            </ul>
          </div>
        ) : null}
      </nav>
      <div className="grid gap-1 border-line border-t p-3">
        <LiveIndicator className="px-2.5 pb-1" />
        <AccountMenu email={email} />
      </div>
    </div>
  )
}

function NavLink({
  href,
  icon,
  isHere,
  onLeave,
  children,
}: {
  href: Route
  icon: ReactNode
  isHere: boolean
  onLeave?: (() => void) | undefined
  children: ReactNode
}) {
  return (
    <li>
      <Link
        href={href}
        aria-current={isHere ? "page" : undefined}
        {...(onLeave ? { onClick: onLeave } : {})}
        className={cn(
          "flex h-9 items-center gap-2.5 rounded-md px-2.5 font-medium text-ink-2 text-sm transition-colors hover:bg-hover hover:text-ink [&>svg]:size-4 [&>svg]:text-ink-3",
          isHere && "bg-accent-soft text-accent-text hover:bg-accent-soft hover:text-accent-text [&>svg]:text-accent-text",
        )}
      >
        {icon}
        {children}
      </Link>
    </li>
  )
}

function SearchButton({ onLeave }: { onLeave?: () => void }) {
  const { open, shortcut } = usePalette()
  return (
    <button
      type="button"
      onClick={() => {
        onLeave?.()
        open()
      }}
      className="flex h-9 w-full items-center gap-2.5 rounded-md border border-line bg-canvas px-2.5 text-ink-3 text-sm transition-colors hover:border-line-strong hover:text-ink-2"
    >
      <Search aria-hidden className="size-4" />
      <span className="flex-1 text-left">Go to…</span>
      <Kbd aria-hidden className="hidden sm:inline-grid">
        {shortcut}
      </Kbd>
    </button>
  )
}
