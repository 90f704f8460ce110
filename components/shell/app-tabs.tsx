"use client"

import Link from "next/link"
import { useParams, usePathname } from "next/navigation"
import { cn } from "@/components/ui/cn"
import { appPages, isOn } from "./app-pages"

/** The pages of the app, where there is no side bar. */
export function AppTabs() {
  const { app } = useParams<{ app?: string }>()
  const pathname = usePathname()
  if (!app) return null
  return (
    <nav aria-label={`Pages of ${app}`} className="overflow-x-auto border-line border-b bg-surface lg:hidden">
      <ul className="flex w-max gap-5 px-4">
        {appPages.map((page) => (
          <li key={page.label}>
            <Link
              href={page.path(app)}
              aria-current={isOn(page, app, pathname) ? "page" : undefined}
              className={cn(
                "-mb-px flex h-11 items-center border-transparent border-b-2 font-medium text-ink-3 text-sm",
                isOn(page, app, pathname) && "border-accent-text text-ink",
              )}
            >
              {page.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
