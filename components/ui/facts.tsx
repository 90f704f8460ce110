import type { ReactNode } from "react"
import { cn } from "./cn"

/** Names and their values, side by side. */
export function Facts({ facts, className }: { facts: { name: string; value: ReactNode }[]; className?: string }) {
  return (
    <dl className={cn("grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-6 gap-y-4", className)}>
      {facts.map((fact) => (
        <div key={fact.name} className="min-w-0">
          <dt className="text-ink-3 text-sm">{fact.name}</dt>
          <dd className="mt-0.5 min-w-0 text-ink">{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
