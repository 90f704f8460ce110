"use client"

import { Layers } from "lucide-react"
import { useParams, useRouter } from "next/navigation"
import type { ReactElement } from "react"
import { stateLooks } from "@/components/apps/state"
import { useLaterView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu"
import { StatusIcon } from "@/components/ui/status"

/** More than these are for the palette, which one can type into. */
const SHOWN = 12

export default function AppSwitcherContent({ trigger }: { trigger: ReactElement }) {
  const router = useRouter()
  const { app } = useParams<{ app?: string }>()
  const apps = useLaterView("switcher", {}, true).data?.apps ?? []
  const others = apps.filter(({ name }) => name !== app)
  return (
    <DropdownMenu align="start" className="w-60" isOpenFirst trigger={trigger}>
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
