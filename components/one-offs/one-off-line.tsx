import type { Route } from "next"
import Link from "next/link"
import { memo } from "react"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import { Status } from "@/components/ui/status"
import { type Role, whyNot } from "@/server/access/policy"
import type { OneOffView } from "@/server/one-offs/views"
import { oneOffKinds, oneOffLook } from "./looks"

/** One of the list: the whole line leads to what it printed. */
export const OneOffLine = memo(function OneOffLine({ app, role, oneOff }: { app: string; role: Role; oneOff: OneOffView }) {
  const look = oneOffLook(oneOff)
  const kind = oneOffKinds[oneOff.kind]
  return (
    <li className="relative flex gap-3 px-4 py-3.5 transition-colors hover:bg-canvas sm:px-5">
      <span className="mt-0.5 grid size-7 shrink-0 place-items-center rounded-md bg-sunken text-ink-3" title={kind.label}>
        <kind.icon aria-hidden className="size-4" />
      </span>
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-2 sm:grid-cols-[minmax(0,1fr)_14rem_5.5rem] sm:items-center">
        <div className="min-w-0">
          <p className="truncate">
            {/* Before what may be cut off: behind it, it would make the page as wide as the whole command. */}
            <span className="sr-only">{kind.label}: </span>
            <Link
              href={paths.oneOff(app, oneOff.id)}
              prefetch={false}
              title={oneOff.line}
              className="font-medium font-mono text-ink text-sm after:absolute after:inset-0"
            >
              {oneOff.line}
            </Link>
          </p>
          <p className="mt-0.5 truncate text-ink-3 text-sm">
            <RelativeTime at={oneOff.createdAt} />
            {` ${oneOff.by ? `by ${oneOff.by}` : oneOff.kind === "release_command" ? "by its rollout" : ""} · v${oneOff.version}`}
          </p>
          {oneOff.state === "failed" && oneOff.reason ? <p className="mt-1 text-bad text-sm">{oneOff.reason}</p> : null}
        </div>
        <div className="flex items-center justify-between gap-3 sm:contents">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">
            <Status tone={look.tone} isBusy={look.isBusy}>
              {look.label}
            </Status>
            {oneOff.startedAt ? <Duration from={oneOff.startedAt} to={oneOff.endedAt} className="text-ink-3 text-sm" /> : null}
          </div>
          <div className="relative flex sm:justify-end">
            <Cancel app={app} oneOff={oneOff} reason={whyNot(role, "one_off:cancel")} />
          </div>
        </div>
      </div>
    </li>
  )
})

/** A release command ends with its rollout. */
function Cancel({ app, oneOff, reason }: { app: string; oneOff: OneOffView; reason: string | null }) {
  if (oneOff.endedAt !== null || oneOff.isCancelling || oneOff.kind === "release_command") return null
  if (reason) {
    return (
      <Button size="sm" reason={reason}>
        Cancel
      </Button>
    )
  }
  return (
    <Button asChild size="sm">
      <Link href={`${paths.oneOff(app, oneOff.id)}?dialog=cancel` as Route} prefetch={false} aria-label={`Cancel ${oneOff.line}`}>
        Cancel
      </Link>
    </Button>
  )
}
