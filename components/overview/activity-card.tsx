import { activityInWords, viaWords } from "@/components/apps/activity-words"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { RelativeTime } from "@/components/ui/relative-time"
import type { OverviewView } from "@/server/apps/overview-view"

/** What happened last, by whom. */
export function ActivityCard({ activity }: { activity: OverviewView["activity"] }) {
  return (
    <Card>
      <CardHeader title="Activity" />
      <CardBody>
        {activity.length === 0 ? (
          <p className="text-ink-2">Nothing has happened yet.</p>
        ) : (
          <ol className="grid gap-3">
            {activity.slice(0, 8).map((entry) => (
              <li key={entry.id} className="text-sm">
                <p className="text-ink-2 [overflow-wrap:anywhere]">
                  <span className="font-medium text-ink">{entry.who === "system" ? "Phial" : entry.who}</span>{" "}
                  {activityInWords(entry.action, entry.data)}
                </p>
                <p className="text-ink-3 text-xs">
                  <RelativeTime at={entry.at} />
                  {viaWords[entry.via] ? ` ${viaWords[entry.via]}` : ""}
                </p>
              </li>
            ))}
          </ol>
        )}
      </CardBody>
    </Card>
  )
}
