import Link from "next/link"
import type { ReactNode } from "react"
import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { durationInWords } from "@/components/ui/durations"
import { OutputBlock } from "@/components/ui/output-block"
import { ProgressSteps } from "@/components/ui/progress-steps"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import { TextLink } from "@/components/ui/text-link"
import type { RolloutView } from "@/server/releases/rollout-view"
import { outcomeOf } from "./outcome"
import { rolloutKinds, stepsOf } from "./rollout-steps"

/** A rollout, live: its steps with their times, how it ended and what runs. */
export function RolloutCard({
  app,
  rollout,
  next,
  link,
  actions,
}: {
  app: string
  rollout: RolloutView
  /** The one that waits behind it. */
  next?: RolloutView | null
  /** Whether to lead to its release: not on that page itself. */
  link?: boolean
  actions?: ReactNode
}) {
  const outcome = outcomeOf(rollout)
  return (
    <Card aria-label="Rollout">
      <CardHeader
        title={`${rolloutKinds[rollout.kind]} of v${rollout.version}`}
        description={<Times rollout={rollout} />}
        actions={
          <>
            {actions}
            {link ? (
              <Button asChild size="sm">
                <Link href={paths.release(app, rollout.version)}>Open v{rollout.version}</Link>
              </Button>
            ) : null}
          </>
        }
      />
      <CardBody className="grid grid-cols-1 gap-4">
        {outcome ? (
          <Banner tone={outcome.tone} title={outcome.title} {...(rollout.endedAt ? {} : { role: "status" as const })}>
            {outcome.text}
          </Banner>
        ) : null}
        {rollout.fallbackReason ? (
          <Banner tone="info" title="Not upgraded in place: replicas are replaced instead.">
            {rollout.fallbackReason}
          </Banner>
        ) : null}
        {rollout.state === "superseded" ? null : <ProgressSteps steps={stepsOf(rollout)} label="Steps of the rollout" />}
        {rollout.lastLines.length > 0 ? (
          <div className="grid grid-cols-1 gap-1.5">
            <h3 className="font-medium text-ink-2 text-sm">Its last lines</h3>
            <OutputBlock lines={rollout.lastLines} label="The replica's last lines" />
          </div>
        ) : null}
        {next ? (
          <p className="text-ink-2 text-sm">
            Behind it waits: {rolloutKinds[next.kind].toLowerCase()} of{" "}
            <TextLink href={paths.release(app, next.version)}>v{next.version}</TextLink>
            {next.by ? ` by ${next.by}` : ""}.
          </p>
        ) : null}
      </CardBody>
    </Card>
  )
}

function Times({ rollout: { by, createdAt, endedAt, liveAt, usual, state } }: { rollout: RolloutView }) {
  const isUnderWay = endedAt === null && state !== "reverting"
  return (
    <>
      {by ? `${by}, ` : ""}
      <RelativeTime at={createdAt} /> · {liveAt ? "live after " : ""}
      <Duration from={createdAt} to={liveAt ?? endedAt} />
      {isUnderWay && usual.seconds !== null ? ` · usually live after ${durationInWords(usual.seconds * 1000)}` : ""}
    </>
  )
}
