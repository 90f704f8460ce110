"use client"

import { Command } from "cmdk"
import { Search } from "lucide-react"
import { Dialog as Radix } from "radix-ui"
import type { ReactNode } from "react"
import { Kbd } from "./code"

export interface PaletteItem {
  id: string
  label: string
  /** Small, at the right. */
  note?: string
  icon?: ReactNode
  /** Other words one might type. */
  keywords?: string[]
  run: () => void
}

export interface PaletteGroup {
  heading: string
  items: PaletteItem[]
}

/** Everything one can go to or do, by typing. */
export default function CommandPalette({ isOpen, onClose, groups }: { isOpen: boolean; onClose: () => void; groups: PaletteGroup[] }) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-3 left-1/2 z-50 w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-rise overflow-hidden rounded-lg bg-raised shadow-float sm:top-[14vh]"
        >
          <Radix.Title className="sr-only">Go to an app or a page, or do something</Radix.Title>
          <Command label="Go to or do" loop>
            <div className="flex items-center gap-3 border-line border-b px-4">
              <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
              <Command.Input
                placeholder="Go to an app, a page, or do something"
                className="h-12 w-full bg-transparent text-md outline-none placeholder:text-ink-3 focus-visible:outline-none"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Command.List className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2">
              <Command.Empty className="px-3 py-8 text-center text-ink-3">Nothing by that name.</Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group.heading}
                  heading={group.heading}
                  className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs"
                >
                  {group.items.map((item) => (
                    <PaletteRow key={item.id} item={item} onClose={onClose} />
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function PaletteRow({ item, onClose }: { item: PaletteItem; onClose: () => void }) {
  const run = () => {
    onClose()
    item.run()
  }
  return (
    <Command.Item
      value={item.id}
      keywords={[item.label, ...(item.keywords ?? [])]}
      onSelect={run}
      className="flex h-10 cursor-pointer items-center gap-3 rounded-md px-3 data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3"
    >
      {item.icon}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.note ? <span className="shrink-0 text-ink-3 text-sm">{item.note}</span> : null}
    </Command.Item>
  )
}
