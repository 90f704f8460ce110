"use client"

import { Search } from "lucide-react"
import { Input } from "@/components/ui/input"
import { Segmented } from "@/components/ui/segmented"
import { Select } from "@/components/ui/select"
import type { AppRow } from "@/server/apps/views"
import { stateLooks, statesByUrgency } from "./state"
import type { AppQuery, useAppQuery } from "./use-app-query"

const sortWords: Record<AppQuery["sort"], string> = { state: "Trouble first", name: "By name", deployed: "Last deployed" }

export function AppFilters({
  apps,
  query,
  onChange,
  shown,
}: {
  apps: AppRow[]
  query: AppQuery
  onChange: ReturnType<typeof useAppQuery>[1]
  shown: number
}) {
  const isShared = apps.some((app) => app.role !== "owner")
  return (
    <search className="mb-4 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center">
      <div className="relative col-span-2 min-w-52 flex-1">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-ink-3" />
        <Input
          type="search"
          aria-label="Find an app by name, owner or commit"
          placeholder="Find by name, owner or commit"
          className="pl-9"
          value={query.q}
          onChange={(event) => void onChange({ q: event.target.value })}
        />
      </div>
      <StateSelect apps={apps} value={query.state} onChange={(state) => void onChange({ state })} />
      <Select aria-label="Order" value={query.sort} onChange={(event) => void onChange({ sort: event.target.value as AppQuery["sort"] })}>
        {Object.entries(sortWords).map(([sort, words]) => (
          <option key={sort} value={sort}>
            {words}
          </option>
        ))}
      </Select>
      {isShared ? (
        <Segmented
          label="Whose"
          className="col-span-2"
          value={query.owner}
          onChange={(owner) => void onChange({ owner })}
          options={[
            { value: "all", label: "All" },
            { value: "mine", label: "Mine" },
            { value: "shared", label: "Shared" },
          ]}
        />
      ) : null}
      <p role="status" className="sr-only">
        {shown} of {apps.length} apps shown
      </p>
    </search>
  )
}

function StateSelect({
  apps,
  value,
  onChange,
}: {
  apps: AppRow[]
  value: AppQuery["state"]
  onChange: (state: AppQuery["state"]) => void
}) {
  return (
    <Select aria-label="State" value={value} onChange={(event) => onChange(event.target.value as AppQuery["state"])}>
      <option value="all">Any state</option>
      {statesByUrgency.map((state) => (
        <option key={state} value={state}>
          {stateLooks[state].label} ({apps.filter((app) => app.state === state).length})
        </option>
      ))}
    </Select>
  )
}
