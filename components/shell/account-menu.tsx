"use client"

import { ChevronsUpDown } from "lucide-react"
import { LazyMenu } from "@/components/ui/lazy-menu"

const load = () => import("./account-menu-content")

/** Who one is, the theme, and the way out. */
export function AccountMenu({ email }: { email: string }) {
  return (
    <LazyMenu
      load={load}
      trigger={
        <button
          type="button"
          aria-label={`Account of ${email}`}
          className="flex h-11 w-full min-w-0 items-center gap-2.5 rounded-md px-2.5 text-left hover:bg-hover"
        >
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent-text text-xs uppercase"
          >
            {email.slice(0, 1)}
          </span>
          <span className="min-w-0 flex-1 truncate text-ink-2 text-sm">{email}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-3" />
        </button>
      }
    />
  )
}
