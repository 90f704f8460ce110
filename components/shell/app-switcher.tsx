"use client"

import { ChevronsUpDown } from "lucide-react"
import { stateLooks } from "@/components/apps/state"
import { useLaterView } from "@/components/live/use-view"
import { LazyMenu } from "@/components/ui/lazy-menu"
import { StatusIcon } from "@/components/ui/status"

const load = () => import("./app-switcher-content")

/** Which app one looks at, how it is, and the way to another. */
export function AppSwitcher({ app }: { app: string }) {
  const here = useLaterView("switcher", {}, true).data?.apps.find(({ name }) => name === app)
  return (
    <LazyMenu
      load={load}
      trigger={
        <button
          type="button"
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-2.5 text-left font-semibold text-ink hover:bg-hover"
          aria-label={`${app}${here ? `, ${stateLooks[here.state].label}` : ""}: switch to another app`}
        >
          <span className="size-4 shrink-0">
            {here ? <StatusIcon tone={stateLooks[here.state].tone} isBusy={stateLooks[here.state].isBusy} /> : null}
          </span>
          <span className="min-w-0 flex-1 truncate">{app}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-3" />
        </button>
      }
    />
  )
}
