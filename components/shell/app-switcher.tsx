"use client"

import { ChevronsUpDown, Layers } from "lucide-react"
import { useRouter } from "next/navigation"
import { stateLooks } from "@/components/apps/state"
import { useLaterView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu"
import { StatusIcon } from "@/components/ui/status"

/** More than these are for the palette, which one can type into. */
const SHOWN = 12

/** Which app one looks at, how it is, and the way to another. */
export function AppSwitcher({ app }: { app: string }) {
  const router = useRouter()
  const apps = useLaterView("switcher", {}, true).data?.apps ?? []
  const here = apps.find(({ name }) => name === app)
  const others = apps.filter(({ name }) => name !== app)
  return (
    <DropdownMenu
      align="start"
      className="w-60"
      trigger={
        <button
          type="button"
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-2.5 text-left font-semibold text-ink hover:bg-hover"
          aria-label={`${app}${here ? `, ${stateLooks[here.state].label}` : ""}: switch to another app`}
        >
          {here ? <StatusIcon tone={stateLooks[here.state].tone} isBusy={stateLooks[here.state].isBusy} /> : null}
          <span className="min-w-0 flex-1 truncate">{app}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-3" />
        </button>
      }
    >
      {others.length > 0 ? <MenuLabel>Switch to</MenuLabel> : null}
      {others.slice(0, SHOWN).map(({ name, state }) => (
        <MenuItem key={name} onSelect={() => router.push(paths.app(name))}>
          <StatusIcon tone={stateLooks[state].tone} isBusy={stateLooks[state].isBusy} />
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <span className="sr-only">{stateLooks[state].label}</span>
        </MenuItem>
      ))}
      {others.length > 0 ? <MenuSeparator /> : null}
      <MenuItem onSelect={() => router.push(paths.apps())}>
        <Layers aria-hidden />
        All apps{others.length > SHOWN ? ` (${apps.length})` : ""}
      </MenuItem>
    </DropdownMenu>
  )
}
