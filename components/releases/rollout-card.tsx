import Link from "next/link"
import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { durationInWords } from "@/components/ui/durations"
import { OutputBlock } from "@/components/ui/output-block"
import { ProgressSteps } from "@/components/ui/progress-steps"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import { TextLink } from "@/components/ui/text-link"
import type { Role } from "@/server/access/policy"
import type { RolloutView } from "@/server/releases/rollout-view"
import { CancelRollout } from "./cancel-rollout"
import { outcomeOf } from "./outcome"
import { ReleaseCommandOutput } from "./release-command-output"
import { rolloutKinds, stepsOf } from "./rollout-steps"

/** A rollout, live: its steps with their times, how it ended and what runs. */
export function RolloutCard({
  app,
  role,
  rollout,
  next,
  link,
}: {
  app: string
  role: Role
  rollout: RolloutView
  /** The one that waits behind it. */
  next?: RolloutView | null
  /** Whether to lead to its release: not on that page itself. */
  link?: boolean
}) {
  const outcome = outcomeOf(rollout)
  return (
    <Card aria-label="Rollout">
      <CardHeader
        title={`${rolloutKinds[rollout.kind]} of v${rollout.version}`}
        description={<Times rollout={rollout} />}
        actions={
          <>
            <CancelRollout app={app} role={role} rollout={rollout} />
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
        {rollout.state === "superseded" ? null : <Steps app={app} rollout={rollout} />}
        {rollout.lastLines.length > 0 && !isOfReleaseCommand(rollout) ? (
          <div className="grid grid-cols-1 gap-1.5">
            <h3 className="font-medium text-ink-2 text-sm">Its last lines</h3>
            <OutputBlock lines={rollout.lastLines} label="The replica's last lines" />
          </div>
        ) : null}
        {next ? (
          <div className="flex flex-wrap items-center justify-between gap-3 border-line border-t pt-4">
            <p className="min-w-0 text-ink-2 text-sm">
              Waits behind it: {rolloutKinds[next.kind].toLowerCase()} of{" "}
              <TextLink href={paths.release(app, next.version)}>v{next.version}</TextLink>
              {next.by ? ` by ${next.by}` : ""}
            </p>
            <CancelRollout app={app} role={role} rollout={next} />
          </div>
        ) : null}
      </CardBody>
    </Card>
  )
}

function Steps({ app, rollout }: { app: string; rollout: RolloutView }) {
  const { releaseCommand } = rollout
  const lastLines = isOfReleaseCommand(rollout) ? rollout.lastLines : []
  const steps = stepsOf(rollout).map((step) =>
    step.step === "releasing" && releaseCommand
      ? { ...step, detail: <ReleaseCommandOutput app={app} command={releaseCommand} lastLines={lastLines} /> }
      : step,
  )
  return <ProgressSteps steps={steps} label="Steps of the rollout" />
}

/** Then its output stands at its step. */
function isOfReleaseCommand({ releaseCommand }: RolloutView): boolean {
  return releaseCommand?.state === "failed" || releaseCommand?.state === "cancelled"
}

function Times({ rollout: { by, createdAt, endedAt, liveAt, usual, state } }: { rollout: RolloutView }) {
  const isOnItsWay = endedAt === null && liveAt === null && state !== "reverting"
  return (
    <>
      {by ? `${by}, ` : ""}
      <RelativeTime at={createdAt} /> · {liveAt ? "live after " : ""}
      <Duration from={createdAt} to={liveAt ?? endedAt} />
      {isOnItsWay && usual.seconds !== null ? ` · usually live after ${durationInWords(usual.seconds * 1000)}` : ""}
    </>
  )
}
