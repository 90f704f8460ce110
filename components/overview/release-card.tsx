import { GitCommitHorizontal } from "lucide-react"
import { paths } from "@/components/paths"
import { ConfigDifference } from "@/components/releases/config-difference"
import { Summary } from "@/components/releases/summary"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { RelativeTime } from "@/components/ui/relative-time"
import { TextLink } from "@/components/ui/text-link"
import type { OverviewView } from "@/server/apps/overview-view"

/** The release that serves and what it brought. */
export function ReleaseCard({
  app,
  serving,
  brought,
  isAsleep,
}: {
  app: string
  serving: NonNullable<OverviewView["serving"]>
  brought: OverviewView["brought"]
  /** Scaled to zero: it served, and will again. */
  isAsleep: boolean
}) {
  const { config } = brought ?? { config: { added: [], changed: [], removed: [] } }
  const hasConfig = config.added.length + config.changed.length + config.removed.length > 0
  return (
    <Card>
      <CardHeader
        title={<TextLink href={paths.release(app, serving.version)}>v{serving.version}</TextLink>}
        description={
          <>
            {isAsleep ? "Released" : "Serves since"} <RelativeTime at={serving.createdAt} />
            {serving.by ? `, by ${serving.by}` : ""}
          </>
        }
      />
      <CardBody className="grid gap-3">
        <p className="text-ink-2">
          <Summary text={serving.summary} />
        </p>
        {serving.commit ? (
          <p className="flex min-w-0 items-center gap-1.5 text-sm">
            <GitCommitHorizontal aria-hidden className="size-3.5 shrink-0 text-ink-3" />
            {brought?.buildId ? (
              <TextLink href={paths.build(app, brought.buildId)} className="font-mono">
                {serving.commit.slice(0, 7)}
              </TextLink>
            ) : (
              <span className="font-mono">{serving.commit.slice(0, 7)}</span>
            )}
            <span className="min-w-0 truncate text-ink-2" title={brought?.message ?? undefined}>
              {brought?.message}
            </span>
          </p>
        ) : null}
        {hasConfig ? <ConfigDifference config={config} none={null} /> : null}
      </CardBody>
    </Card>
  )
}
