import { GitCommitHorizontal } from "lucide-react"
import type { Route } from "next"
import Link from "next/link"
import { memo, type ReactNode } from "react"
import { paths } from "@/components/paths"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import { Status } from "@/components/ui/status"
import { type Role, whyNot } from "@/server/access/policy"
import type { TimelineBuild, TimelineEntry, TimelineRelease } from "@/server/releases/views"
import { buildLook, heldLook, releaseKinds, rolloutLook } from "./looks"

/** A release, or a build that made none: the whole line leads to it. */
export const TimelineLine = memo(function TimelineLine({
  app,
  role,
  entry,
  newest,
  choice,
}: {
  app: string
  role: Role
  entry: TimelineEntry
  /** The newest version: there is no going back to it. */
  newest: number
  /** Where two are being chosen: whether this is one, and what a click does. */
  choice?: Choice | undefined
}) {
  return entry.is === "release" ? (
    <ReleaseLine app={app} role={role} release={entry} newest={newest} choice={choice} />
  ) : (
    <BuildLine app={app} build={entry} />
  )
})

export interface Choice {
  isChosen: boolean
  onChange: (isChosen: boolean) => void
}

function ReleaseLine({
  app,
  role,
  release,
  newest,
  choice,
}: {
  app: string
  role: Role
  release: TimelineRelease
  newest: number
  choice: Choice | undefined
}) {
  const look = release.isHeld ? heldLook : rolloutLook(release.rollout?.state ?? null)
  const { rollout } = release
  return (
    <Line
      kind={release.kind}
      href={paths.release(app, release.version)}
      title={`v${release.version}`}
      choice={choice}
      badge={<Badges release={release} />}
      summary={release.kind === "deploy" && release.message ? release.message : release.summary.replaceAll("`", "")}
      commit={release.kind === "deploy" ? release.commit : null}
      by={release.by}
      at={release.at}
      state={
        release.kind === "initial" ? null : (
          <>
            <Status tone={look.tone} isBusy={look.isBusy}>
              {look.label}
            </Status>
            {rollout ? <Duration from={rollout.startedAt} to={rollout.liveAt ?? rollout.endedAt} className="text-ink-3 text-sm" /> : null}
          </>
        )
      }
      reason={rollout?.state === "failed" || rollout?.state === "reverted" ? rollout.reason : null}
      action={
        release.commit && !release.isServing && release.version !== newest ? (
          <RollBack app={app} version={release.version} reason={whyNot(role, "release:rollback")} />
        ) : null
      }
    />
  )
}

function Badges({ release: { isServing, rollout } }: { release: TimelineRelease }) {
  return (
    <>
      {isServing ? <Badge tone="good">Serving</Badge> : null}
      {rollout?.wasHot ? <Badge>Hot upgrade</Badge> : null}
    </>
  )
}

function RollBack({ app, version, reason }: { app: string; version: number; reason: string | null }) {
  if (reason) {
    return (
      <Button size="sm" reason={reason}>
        Roll back
      </Button>
    )
  }
  return (
    <Button asChild size="sm">
      <Link href={`${paths.release(app, version)}?dialog=rollback` as Route} prefetch={false} aria-label={`Roll back to v${version}`}>
        Roll back
      </Link>
    </Button>
  )
}

function BuildLine({ app, build }: { app: string; build: TimelineBuild }) {
  const look = buildLook(build.state)
  return (
    <Line
      kind="build"
      href={paths.build(app, build.id)}
      title={`Build ${build.number}`}
      summary={build.message || "No message"}
      commit={build.commit}
      by={build.by}
      at={build.at}
      state={
        <>
          <Status tone={look.tone} isBusy={look.isBusy}>
            {look.label}
          </Status>
          {build.startedAt ? <Duration from={build.startedAt} to={build.endedAt} className="text-ink-3 text-sm" /> : null}
        </>
      }
      reason={build.state === "failed" ? build.reason : null}
    />
  )
}

function Line(line: {
  kind: string
  href: Route
  title: string
  choice?: Choice | undefined
  badge?: ReactNode
  summary: string
  commit: string | null
  by: string | null
  at: string
  state: ReactNode
  reason: string | null
  action?: ReactNode
}) {
  const kind = releaseKinds[line.kind] ?? { label: line.kind, icon: GitCommitHorizontal }
  return (
    <li className="relative flex gap-3 px-4 py-3.5 transition-colors hover:bg-canvas sm:px-5">
      {line.choice ? (
        <label className="relative z-10 -m-2 grid size-10 shrink-0 cursor-pointer place-items-center">
          <input
            type="checkbox"
            checked={line.choice.isChosen}
            onChange={(event) => line.choice?.onChange(event.target.checked)}
            aria-label={`Compare ${line.title}`}
            className="size-4.5 accent-accent"
          />
        </label>
      ) : null}
      <span className="mt-0.5 grid size-7 shrink-0 place-items-center rounded-md bg-sunken text-ink-3" title={kind.label}>
        <kind.icon aria-hidden className="size-4" />
      </span>
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-2 sm:grid-cols-[minmax(0,1fr)_11rem_5.5rem] sm:items-center">
        <div className="min-w-0">
          <p className="flex min-w-0 items-center gap-2">
            <Link href={line.href} prefetch={false} className="whitespace-nowrap font-mono font-semibold after:absolute after:inset-0">
              {line.title}
            </Link>
            <span className="sr-only">{kind.label}</span>
            {line.badge}
            <span className="min-w-0 truncate text-ink-2" title={line.summary}>
              {line.summary}
            </span>
          </p>
          <p className="mt-0.5 flex min-w-0 items-center gap-1.5 text-ink-3 text-sm">
            {line.commit ? <span className="font-mono">{line.commit.slice(0, 7)}</span> : null}
            <span className="min-w-0 truncate">
              <RelativeTime at={line.at} />
              {line.by ? ` by ${line.by}` : ""}
            </span>
          </p>
          {line.reason ? <p className="mt-1 text-bad text-sm">{line.reason}</p> : null}
        </div>
        <div className="flex items-center justify-between gap-3 sm:contents">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">{line.state}</div>
          <div className="relative flex sm:justify-end">{line.action}</div>
        </div>
      </div>
    </li>
  )
}
