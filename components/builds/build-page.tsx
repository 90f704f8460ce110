"use client"

import { GitCommitHorizontal } from "lucide-react"
import dynamic from "next/dynamic"
import { AppHeader } from "@/components/apps/app-header"
import { LogSkeleton } from "@/components/lines/log-skeleton"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { buildLook } from "@/components/releases/looks"
import { Card } from "@/components/ui/card"
import { durationInWords } from "@/components/ui/durations"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import { Status } from "@/components/ui/status"
import type { BuildLinesView } from "@/server/builds/views"
import { CancelBuild } from "./cancel-build"
import { Verdict } from "./verdict"

/** Drawing very many lines takes more code than the rest of the page: it comes after it. */
const BuildLog = dynamic(() => import("./build-log").then((module) => module.BuildLog), {
  ssr: false,
  loading: () => (
    <Card className="overflow-hidden">
      <LogSkeleton />
    </Card>
  ),
})

/** A build: what it builds, what it prints, how it ended. */
export function BuildPage({ app, build: which, first }: { app: string; build: string; first: BuildLinesView }) {
  const build = useView("build", { app, build: which })
  const look = buildLook(build.state)
  return (
    <>
      <AppHeader
        app={app}
        here={`Build ${build.number}`}
        trail={[{ label: "Releases", href: paths.releases(app) }]}
        title={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            Build {build.number}
            <Status tone={look.tone} isBusy={look.isBusy}>
              {build.isCancelling ? "Being cancelled" : look.label}
            </Status>
          </span>
        }
        description={
          <>
            <p className="flex min-w-0 items-center gap-1.5">
              <GitCommitHorizontal aria-hidden className="size-4 shrink-0 text-ink-3" />
              <span className="font-mono text-sm">{build.commit.slice(0, 7)}</span>
              <span className="min-w-0 truncate text-ink" title={build.message}>
                {build.message.split("\n")[0]}
              </span>
            </p>
            <p className="mt-1 text-ink-3 text-sm">
              {build.by ? `${build.by}, ` : ""}
              <RelativeTime at={build.createdAt} />
              {build.startedAt ? (
                <>
                  {" · "}
                  <Duration from={build.startedAt} to={build.endedAt} className="text-ink-2" />
                </>
              ) : null}
              {build.usualSeconds !== null && build.endedAt === null ? ` · usually ${durationInWords(build.usualSeconds * 1000)}` : ""}
              {build.cleanCache ? " · without the cache" : ""}
            </p>
          </>
        }
        actions={build.endedAt === null ? <CancelBuild build={build} /> : null}
      />
      <div className="grid gap-4">
        <Verdict build={build} />
        <BuildLog build={build} first={first} />
      </div>
    </>
  )
}
