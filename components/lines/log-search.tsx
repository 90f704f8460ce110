"use client"

import { ChevronDown, ChevronUp, Search } from "lucide-react"
import { IconButton } from "@/components/ui/icon-button"
import { Input } from "@/components/ui/input"

/** Looks for a text in what is shown; Enter goes to the next. @param props.hits `null` while nothing is looked for. */
export function LogSearch({
  value,
  onChange,
  hits,
  onStep,
}: {
  value: string
  onChange: (text: string) => void
  hits: { count: number; at: number } | null
  onStep: (step: 1 | -1) => void
}) {
  return (
    <search className="flex min-w-0 flex-1 items-center gap-1">
      <span className="relative min-w-0 max-w-72 flex-1">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
        <Input
          type="search"
          aria-label="Search in the log"
          placeholder="Search"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1)
            if (event.key === "Escape") onChange("")
          }}
          className="h-8 pl-8.5"
        />
      </span>
      <span role="status" className="whitespace-nowrap px-1 text-ink-3 text-sm tabular-nums">
        {hits ? (hits.count === 0 ? "none" : `${hits.at} of ${hits.count}`) : ""}
      </span>
      {hits && hits.count > 0 ? (
        <>
          <IconButton size="sm" label="Previous" icon={<ChevronUp aria-hidden />} onClick={() => onStep(-1)} />
          <IconButton size="sm" label="Next" icon={<ChevronDown aria-hidden />} onClick={() => onStep(1)} />
        </>
      ) : null}
    </search>
  )
}
