"use client"

import dynamic from "next/dynamic"
import { AppHeader } from "@/components/apps/app-header"
import { sizeInWords } from "@/components/apps/size"
import { LogSkeleton } from "@/components/lines/log-skeleton"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Card } from "@/components/ui/card"
import { CopyButton } from "@/components/ui/copy-button"
import { durationInWords } from "@/components/ui/durations"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import { Status } from "@/components/ui/status"
import { TextLink } from "@/components/ui/text-link"
import type { OutputView } from "@/server/logs/views"
import type { OneOffView } from "@/server/one-offs/views"
import { CancelOneOff } from "./cancel-one-off"
import { oneOffKinds, oneOffLook } from "./looks"
import { RunAgain } from "./run-again"

/** Drawing very many lines takes more code than the rest of the page: it comes after it. */
const OneOffOutput = dynamic(() => import("./one-off-output").then((module) => module.OneOffOutput), {
  ssr: false,
  loading: () => (
    <Card className="overflow-hidden">
      <LogSkeleton />
    </Card>
  ),
})

/** One command: what it is, what it prints, how it ended. */
export function OneOffPage({ app, oneOff: id, first }: { app: string; oneOff: string; first: OutputView }) {
  const oneOff = useView("oneOff", { app, oneOff: id })
  const look = oneOffLook(oneOff)
  return (
    <>
      <AppHeader
        app={app}
        here={id.slice(-6)}
        trail={[{ label: "One-offs", href: paths.oneOffs(app) }]}
        title={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {oneOffKinds[oneOff.kind].label}
            <Status tone={look.tone} isBusy={look.isBusy}>
              {look.label}
            </Status>
          </span>
        }
        description={
          <>
            <p className="flex min-w-0 items-start gap-1">
              <code className="wrap-anywhere min-w-0 whitespace-pre-wrap pt-1 font-mono text-ink text-sm">{oneOff.line}</code>
              <CopyButton text={oneOff.line} label="Copy the command" />
            </p>
            <Facts app={app} oneOff={oneOff} />
          </>
        }
        actions={
          oneOff.kind === "release_command" ? null : oneOff.endedAt === null ? (
            <CancelOneOff oneOff={oneOff} />
          ) : (
            <RunAgain oneOff={oneOff} />
          )
        }
      />
      <div className="grid gap-4">
        <Ending oneOff={oneOff} />
        <OneOffOutput app={app} oneOff={oneOff} first={first} />
      </div>
    </>
  )
}

function Facts({ app, oneOff }: { app: string; oneOff: OneOffView }) {
  return (
    <p className="mt-1 text-ink-3 text-sm">
      {oneOff.by ? `${oneOff.by}, ` : ""}
      <RelativeTime at={oneOff.createdAt} />
      {oneOff.startedAt ? (
        <>
          {" · "}
          <Duration from={oneOff.startedAt} to={oneOff.endedAt} className="text-ink-2" />
        </>
      ) : null}
      {" · in "}
      <TextLink href={paths.release(app, oneOff.version)}>v{oneOff.version}</TextLink>
      {` · ${sizeInWords(oneOff.size)} · at most ${durationInWords(oneOff.timeLimitSeconds * 1000)}`}
    </p>
  )
}

/** Nothing while it runs, and nothing to say of what went well. */
function Ending({ oneOff }: { oneOff: OneOffView }) {
  if (oneOff.state !== "failed" && oneOff.state !== "cancelled") return null
  const isFailed = oneOff.state === "failed"
  return (
    <Banner tone={isFailed ? "bad" : "neutral"} role="status" title={isFailed ? "It failed" : "It was cancelled"}>
      {oneOff.reason}
      {isFailed && oneOff.kind === "release_command" ? " Nothing of the new release was started." : ""}
    </Banner>
  )
}
