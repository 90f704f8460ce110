"use client"

import { HeldBanner } from "@/components/config/held-banner"
import { useView } from "@/components/live/use-view"
import { RolloutCard } from "@/components/releases/rollout-card"
import type { OverviewView } from "@/server/apps/overview-view"
import { ActivityCard } from "./activity-card"
import { BuildCard } from "./build-card"
import { EmptyApp } from "./empty-app"
import { GitCard } from "./git-card"
import { OverviewHeader } from "./overview-header"
import { ReleaseCard } from "./release-card"
import { ReplicaCards } from "./replica-cards"

/** Is it well, what runs, what happens. */
export function OverviewPage({ app, email }: { app: string; email: string }) {
  const view = useView("overview", { app })
  const isEmpty = view.state === "empty"
  const rollout = shownRollout(view)
  return (
    <>
      <OverviewHeader view={view} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {view.build ? <BuildCard app={app} build={view.build} /> : null}
          {rollout ? <RolloutCard app={app} role={view.app.role} rollout={rollout} next={view.next} link /> : null}
          {view.held && view.rollout?.endedAt ? (
            <HeldBanner app={app} role={view.app.role} held={view.held} isAsleep={view.app.replicas === 0} />
          ) : null}
          {isEmpty && !view.build ? <EmptyApp view={view} email={email} /> : <ReplicaCards view={view} />}
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {view.serving ? <ReleaseCard app={app} serving={view.serving} brought={view.brought} isAsleep={view.app.replicas === 0} /> : null}
          <ActivityCard activity={view.activity} />
          {isEmpty ? null : <GitCard app={app} gitRemote={view.addresses.gitRemote} />}
        </div>
      </div>
    </>
  )
}

/** The one under way, or the last one if it did not go well: what went well is told by the state. */
function shownRollout({ rollout }: OverviewView) {
  return rollout && rollout.state !== "settled" ? rollout : null
}
