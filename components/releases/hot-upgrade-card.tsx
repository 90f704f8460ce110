import { Card, CardBody, CardHeader } from "@/components/ui/card"
import type { HotUpgrade } from "@/db/schema"

/** What the build found out about upgrading running replicas in place. */
export function HotUpgradeCard({ hot }: { hot: HotUpgrade }) {
  return (
    <Card aria-label="Hot upgrade">
      <CardHeader
        title="Hot upgrade"
        description={hot.isPossible ? `Possible from ${hot.fromVersion} to ${hot.toVersion}.` : "Not possible: replicas are replaced."}
      />
      <CardBody className="text-ink-2">
        {hot.isPossible ? (
          <ul className="grid list-disc gap-1 pl-5 text-sm [overflow-wrap:anywhere]">
            {hot.instructions.map((instruction) => (
              <li key={instruction}>{instruction}</li>
            ))}
          </ul>
        ) : (
          <p>{hot.reason}</p>
        )}
        <p className="mt-3 text-ink-3 text-sm">
          Wise for a small change of an app that keeps state in memory or long connections. For new dependencies, another Erlang, or a
          change of the supervision tree, replacing replicas is the safer way.
        </p>
      </CardBody>
    </Card>
  )
}
