"use client"

import { Search } from "lucide-react"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"
import { type LogFilter, sources } from "./use-log-filter"

const sourceWords: Record<(typeof sources)[number], string> = {
  all: "All sources",
  app: "App",
  platform: "Platform",
  router: "Router",
  build: "Build",
}

/** Narrows what is loaded: by text, source and replica. */
export function LogFilters({
  filter,
  onChange,
  replicas,
}: {
  filter: LogFilter
  onChange: (change: Partial<LogFilter>) => void
  replicas: string[]
}) {
  return (
    <search className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
      <span className="relative min-w-full flex-1 sm:min-w-40 sm:max-w-80">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-ink-3" />
        <Input
          type="search"
          aria-label="Only lines with"
          placeholder="Only lines with…"
          value={filter.q}
          onChange={(event) => onChange({ q: event.target.value })}
          className="pl-9"
        />
      </span>
      <Select
        aria-label="Source"
        className="min-w-32 flex-1 sm:max-w-36"
        value={filter.source}
        onChange={(event) => onChange({ source: event.target.value as LogFilter["source"] })}
      >
        {sources.map((source) => (
          <option key={source} value={source}>
            {sourceWords[source]}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Replica"
        className="min-w-36 flex-1 sm:max-w-52"
        value={filter.replica}
        onChange={(event) => onChange({ replica: event.target.value })}
      >
        <option value="">All replicas</option>
        {replicas.map((replica) => (
          <option key={replica} value={replica}>
            {replica}
          </option>
        ))}
      </Select>
    </search>
  )
}
