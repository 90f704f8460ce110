"use client"

import { ArrowUpRight, GitCommitHorizontal, Users } from "lucide-react"
import Link from "next/link"
import { memo } from "react"
import { paths } from "@/components/paths"
import { Badge } from "@/components/ui/badge"
import { RelativeTime } from "@/components/ui/relative-time"
import { StatusIcon } from "@/components/ui/status"
import type { AppRow } from "@/server/apps/views"
import { ReplicaDots } from "./replica-dots"
import { sizeInWords } from "./size"
import { stateLooks } from "./state"

/** One app: the whole line leads to it, its address leads to itself. @param props.email who reads. */
export const AppLine = memo(function AppLine({ app, email }: { app: AppRow; email: string }) {
  const look = stateLooks[app.state]
  return (
    <article className="relative grid gap-x-6 gap-y-2 px-4 py-3.5 transition-colors hover:bg-canvas sm:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)_7.5rem] sm:items-center sm:px-5">
      <div className="flex min-w-0 gap-3">
        <StatusIcon tone={look.tone} isBusy={look.isBusy} className="mt-0.75 size-4.5" />
        <div className="min-w-0 flex-1">
          <h2 className="flex min-w-0 items-center gap-2">
            <Link href={paths.app(app.name)} prefetch={false} className="truncate font-semibold after:absolute after:inset-0">
              {app.name}
            </Link>
            {app.role === "owner" ? null : (
              <Badge className="max-w-44">
                <Users aria-hidden />
                <span className="truncate" title={`Shared by ${app.owner}: you are a ${app.role}`}>
                  {app.role} · {app.owner}
                </span>
              </Badge>
            )}
          </h2>
          <p className="truncate text-ink-2 text-sm" title={app.sentence}>
            <span className="sr-only">{look.label}: </span>
            {app.sentence}
          </p>
        </div>
      </div>
      <div className="min-w-0 pl-7.5 text-sm sm:pl-0">
        <LastRelease app={app} email={email} />
        {app.release.commit ? <Address url={app.url} /> : null}
      </div>
      <div className="flex items-center gap-3 pl-7.5 text-sm sm:flex-col sm:items-end sm:gap-1 sm:pl-0">
        <ReplicaDots running={app.running} wanted={app.wanted} />
        <span className="text-ink-3">{sizeInWords(app.size)}</span>
      </div>
    </article>
  )
})

function LastRelease({ app: { release }, email }: { app: AppRow; email: string }) {
  if (!release.commit) {
    return (
      <p className="text-ink-3">
        Made <RelativeTime at={release.at} />
      </p>
    )
  }
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-ink-2">
      <span className="font-medium font-mono text-ink">v{release.version}</span>
      <GitCommitHorizontal aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      <span className="font-mono">{release.commit.slice(0, 7)}</span>
      <span className="min-w-0 truncate text-ink-3">
        <RelativeTime at={release.at} />
        {release.by ? ` by ${release.by === email ? "you" : release.by}` : ""}
      </span>
    </p>
  )
}

function Address({ url }: { url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="relative inline-flex max-w-full items-center gap-1 rounded-sm text-ink-3 hover:text-accent-text hover:underline"
    >
      <span className="truncate">{url.replace(/^https?:\/\//, "")}</span>
      <ArrowUpRight aria-hidden className="size-3.5 shrink-0" />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  )
}
