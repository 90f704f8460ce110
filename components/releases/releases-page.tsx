"use client"

import { GitCompareArrows, History } from "lucide-react"
import Link from "next/link"
import { useState, useTransition } from "react"
import { AppHeader } from "@/components/apps/app-header"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { LoadMore } from "@/components/ui/load-more"
import { CompareBar } from "./compare-bar"
import { FIRST_ENTRIES } from "./first-entries"
import { RolloutCard } from "./rollout-card"
import { type Choice, TimelineLine } from "./timeline-line"
import { useChosen } from "./use-chosen"

/** What was released and built, newest first. */
export function ReleasesPage({ app }: { app: string }) {
  const [limit, setLimit] = useState(FIRST_ENTRIES)
  const [pending, start] = useTransition()
  const { entries, hasMore, role, rollout, next } = useView("timeline", { app, limit })
  const [chosen, setChosen] = useChosen()
  const newest = Math.max(0, ...entries.map((entry) => (entry.is === "release" ? entry.version : 0)))
  const hasPush = entries.some((entry) => entry.is === "build" || entry.kind === "deploy")
  return (
    <>
      <AppHeader
        app={app}
        here="Releases"
        description="Every push and every change of the config makes a release. Any of them can be brought back."
        actions={
          <Button
            icon={<GitCompareArrows aria-hidden />}
            reason={newest < 2 ? "There is only one release." : null}
            aria-pressed={chosen !== null}
            onClick={() => setChosen(chosen === null ? [] : null)}
          >
            Compare
          </Button>
        }
      />
      {rollout ? (
        <div className="mb-4">
          <RolloutCard app={app} role={role} rollout={rollout} next={next} link />
        </div>
      ) : null}
      <Card>
        {hasPush || hasMore ? null : (
          <EmptyState
            icon={History}
            title="Nothing pushed yet"
            className="border-line border-b py-10"
            action={
              <Button asChild variant="primary">
                <Link href={paths.firstPush(app)}>How to push</Link>
              </Button>
            }
          >
            The first push builds your project and makes its first release with something to run.
          </EmptyState>
        )}
        <ol aria-label="Releases and builds" className="divide-y divide-line">
          {entries.map((entry) => (
            <TimelineLine
              key={entry.is === "release" ? `v${entry.version}` : entry.id}
              app={app}
              role={role}
              entry={entry}
              newest={newest}
              choice={chosen && entry.is === "release" ? choiceOf(entry.version, chosen, setChosen) : undefined}
            />
          ))}
        </ol>
        {hasMore ? <LoadMore shown={entries.length} pending={pending} onMore={() => start(() => setLimit(limit + 50))} /> : null}
      </Card>
      {chosen ? <CompareBar app={app} chosen={chosen} onEnd={() => setChosen(null)} /> : null}
    </>
  )
}

/** A third one takes the place of the first. */
function choiceOf(version: number, chosen: number[], setChosen: (chosen: number[]) => void): Choice {
  return {
    isChosen: chosen.includes(version),
    onChange: (isChosen) => setChosen(isChosen ? [...chosen, version].slice(-2) : chosen.filter((other) => other !== version)),
  }
}
