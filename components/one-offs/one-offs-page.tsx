"use client"

import { SquareTerminal } from "lucide-react"
import { AppHeader } from "@/components/apps/app-header"
import { useView } from "@/components/live/use-view"
import { Card } from "@/components/ui/card"
import { CommandBlock } from "@/components/ui/command-block"
import { EmptyState } from "@/components/ui/empty-state"
import { exampleOf } from "./example"
import { OneOffForm } from "./one-off-form"
import { OneOffLine } from "./one-off-line"

/** Commands that ran, or run, once: in a container of their own, beside what serves. */
export function OneOffsPage({ app }: { app: string }) {
  const view = useView("oneOffs", { app })
  return (
    <>
      <AppHeader
        app={app}
        here="One-offs"
        description="One command in a container of its own, with this app's release and config: a migration, a seed, a report. What serves is not touched."
      />
      <div className="grid gap-4">
        <OneOffForm view={view} />
        <Card aria-label="One-offs">
          {view.oneOffs.length === 0 ? (
            <EmptyState icon={SquareTerminal} title="Nothing was run yet">
              <p>What you run here, or from a terminal, is listed with what it prints and how it ended.</p>
              <CommandBlock
                label="From a terminal"
                className="mt-4 text-left"
                commands={[`gigalixir run -a ${app} ${exampleOf(view.release)}`]}
              />
            </EmptyState>
          ) : (
            <ol aria-label="One-offs, newest first" className="divide-y divide-line">
              {view.oneOffs.map((oneOff) => (
                <OneOffLine key={oneOff.id} app={app} role={view.role} oneOff={oneOff} />
              ))}
            </ol>
          )}
        </Card>
      </div>
    </>
  )
}
