"use client"

import { ChevronsUpDown, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTheme } from "next-themes"
import { paths } from "@/components/paths"
import { DropdownMenu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu"
import { useSignOut } from "./sign-out"

/** Who one is, the theme, and the way out. */
export function AccountMenu({ email }: { email: string }) {
  const router = useRouter()
  const { theme, setTheme } = useTheme()
  const signOut = useSignOut()
  return (
    <DropdownMenu
      align="start"
      side="top"
      className="w-60"
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
    >
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
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </DropdownMenu>
  )
}
