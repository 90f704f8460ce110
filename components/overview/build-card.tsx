import { ArrowRight, GitCommitHorizontal } from "lucide-react"
import Link from "next/link"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { Duration } from "@/components/ui/relative-time"
import { Spinner } from "@/components/ui/spinner"
import type { OverviewView } from "@/server/apps/overview-view"

/** The build that runs or waits for its turn. */
export function BuildCard({ app, build }: { app: string; build: NonNullable<OverviewView["build"]> }) {
  return (
    <Card aria-label="Build" className="flex flex-wrap items-center justify-between gap-3 px-5 py-4">
      <div className="min-w-0">
        <p className="flex items-center gap-2 font-medium">
          <Spinner className="text-info-mark" />
          Build {build.number} {build.state === "queued" ? "waits for its turn" : "runs"}
          <Duration from={build.createdAt} className="font-normal text-ink-3 text-sm" />
        </p>
        <p className="mt-0.5 flex min-w-0 items-center gap-1.5 pl-6 text-ink-2 text-sm">
          <GitCommitHorizontal aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          <span className="font-mono">{build.commit.slice(0, 7)}</span>
          <span className="min-w-0 truncate">{build.message.split("\n")[0]}</span>
        </p>
      </div>
      <Button asChild size="sm">
        <Link href={paths.build(app, build.id)}>
          Watch it
          <ArrowRight aria-hidden />
        </Link>
      </Button>
    </Card>
  )
}
