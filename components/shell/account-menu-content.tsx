"use client"

import { LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTheme } from "next-themes"
import type { ReactElement } from "react"
import { paths } from "@/components/paths"
import { DropdownMenu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu"
import { useSignOut } from "./sign-out"

export default function AccountMenuContent({ trigger }: { trigger: ReactElement }) {
  const router = useRouter()
  const { theme, setTheme } = useTheme()
  const signOut = useSignOut()
  return (
    <DropdownMenu align="start" side="top" className="w-60" isOpenFirst trigger={trigger}>
      <MenuItem onSelect={() => router.push(paths.account())}>
        <UserRound aria-hidden />
        Account and keys
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoices label="Theme" value={theme ?? "system"} onChange={setTheme}>
        <MenuChoice value="system" icon={<Monitor aria-hidden />}>
          As the system
        </MenuChoice>
        <MenuChoice value="light" icon={<Sun aria-hidden />}>
          Light
        </MenuChoice>
        <MenuChoice value="dark" icon={<Moon aria-hidden />}>
          Dark
        </MenuChoice>
      </MenuChoices>
      <MenuSeparator />
      <MenuItem onSelect={signOut}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </DropdownMenu>
  )
}
