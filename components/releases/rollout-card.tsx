import Link from "next/link"
import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { durationInWords } from "@/components/ui/durations"
import { OutputBlock } from "@/components/ui/output-block"
import { ProgressSteps } from "@/components/ui/progress-steps"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import type { RolloutView } from "@/server/apps/overview"
import { rolloutKinds, stepsOf } from "./rollout-steps"

/** A rollout: its steps with their times, and why it failed. @param props.serving what serves meanwhile, as a sentence. */
export function RolloutCard({ app, rollout, serving, link }: { app: string; rollout: RolloutView; serving?: string; link?: boolean }) {
  const usual = rollout.usualSeconds
  return (
    <Card aria-label="Rollout">
      <CardHeader
        title={`${rolloutKinds[rollout.kind] ?? "Rollout"} of v${rollout.version}`}
        description={
          <>
            {rollout.by ? `${rollout.by}, ` : ""}
            <RelativeTime at={rollout.createdAt} /> · <Duration from={rollout.createdAt} to={rollout.endedAt ?? rollout.liveAt} />
            {usual === null || rollout.endedAt ? "" : ` · live usually after ${durationInWords(usual * 1000)}`}
          </>
        }
        actions={
          link ? (
            <Button asChild size="sm">
              <Link href={paths.release(app, rollout.version)}>Open v{rollout.version}</Link>
            </Button>
          ) : null
        }
      />
      <CardBody className="grid grid-cols-1 gap-4">
        {rollout.state === "superseded" ? (
          <p className="text-ink-2">{rollout.reason ?? "A newer change took its place before it ran."}</p>
        ) : (
          <ProgressSteps steps={stepsOf(rollout)} label="Steps of the rollout" />
        )}
        {rollout.state === "failed" || rollout.state === "reverting" ? <Failure rollout={rollout} serving={serving} /> : null}
      </CardBody>
    </Card>
  )
}

function Failure({ rollout, serving }: { rollout: RolloutView; serving: string | undefined }) {
  return (
    <>
      <Banner tone="bad" title={rollout.reason ?? "The rollout failed."}>
        {serving}
      </Banner>
      {rollout.lastLines.length > 0 ? (
        <div className="grid grid-cols-1 gap-1.5">
          <h3 className="font-medium text-ink-2 text-sm">Its last lines</h3>
          <OutputBlock lines={rollout.lastLines} label="The replica's last lines" />
        </div>
      ) : null}
    </>
  )
}
