"use client"

import { Search } from "lucide-react"
import { Dialog as Radix } from "radix-ui"
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react"
import { cn } from "./cn"
import { Kbd } from "./code"
import { matchingGroups } from "./palette-match"

export interface PaletteItem {
  /** Unique in the palette. */
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

/**
 * Everything one can go to or do, by typing.
 * Our own list: the usual library leaves `aria-activedescendant` on an entry that its filter has removed.
 */
export default function CommandPalette({ isOpen, onClose, groups }: { isOpen: boolean; onClose: () => void; groups: PaletteGroup[] }) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-3 z-50 mx-auto max-w-xl animate-rise overflow-hidden rounded-lg bg-raised shadow-float outline-none sm:top-[14vh]"
        >
          <Radix.Title className="sr-only">Go to an app or a page, or do something</Radix.Title>
          <Finder groups={groups} onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Finder({ groups, onClose }: { groups: PaletteGroup[]; onClose: () => void }) {
  const listId = useId()
  const [typed, setTyped] = useState("")
  const [chosenId, setChosenId] = useState<string | null>(null)
  const found = matchingGroups(groups, typed)
  const items = found.flatMap((group) => group.items)
  const at = Math.max(
    0,
    items.findIndex(({ id }) => id === chosenId),
  )
  const chosen = items[at]
  const run = (item: PaletteItem) => {
    onClose()
    item.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (next !== undefined) {
      event.preventDefault()
      setChosenId(items.at(next % items.length)?.id ?? null)
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault()
      run(chosen)
    }
  }
  return (
    <>
      <div className="flex items-center gap-3 border-line border-b px-4">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
        <input
          role="combobox"
          aria-label="Go to or do"
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          {...(chosen ? { "aria-activedescendant": `${listId}-${at}` } : {})}
          placeholder="Go to an app, a page, or do something"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setChosenId(null)
          }}
          onKeyDown={onKeyDown}
          className="h-12 w-full bg-transparent text-md outline-none placeholder:text-ink-3 focus-visible:outline-none"
        />
        <Kbd>Esc</Kbd>
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label="What was found"
        tabIndex={-1}
        className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2 outline-none"
      >
        {found.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of a listbox; a fieldset is for forms.
          <div key={group.heading} role="group" aria-label={group.heading}>
            <p aria-hidden className="px-3 py-1.5 text-ink-3 text-xs">
              {group.heading}
            </p>
            {group.items.map((item) => {
              const index = items.indexOf(item)
              return (
                <Entry
                  key={item.id}
                  id={`${listId}-${index}`}
                  item={item}
                  isChosen={index === at}
                  onChoose={() => setChosenId(item.id)}
                  onRun={() => run(item)}
                />
              )
            })}
          </div>
        ))}
      </div>
      <p role="status" className={items.length > 0 ? "sr-only" : "px-3 pb-8 text-center text-ink-3"}>
        {items.length > 0 ? `${items.length} found` : "Nothing by that name."}
      </p>
    </>
  )
}

function Entry({
  id,
  item,
  isChosen,
  onChoose,
  onRun,
}: {
  id: string
  item: PaletteItem
  isChosen: boolean
  onChoose: () => void
  onRun: () => void
}) {
  const entry = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isChosen) entry.current?.scrollIntoView({ block: "nearest" })
  }, [isChosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the focus and takes the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: as above.
    <div
      ref={entry}
      id={id}
      role="option"
      aria-selected={isChosen}
      onPointerMove={isChosen ? undefined : onChoose}
      onClick={onRun}
      className={cn(
        "flex h-10 cursor-pointer items-center gap-3 rounded-md px-3 [&>svg:not([class*=text-])]:text-ink-3 [&>svg]:size-4 [&>svg]:shrink-0",
        isChosen && "bg-hover",
      )}
    >
      {item.icon}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.note ? <span className="shrink-0 text-ink-3 text-sm">{item.note}</span> : null}
    </div>
  )
}
