"use client"

import { Monitor, Smartphone } from "lucide-react"
import { revokeOtherSessions, revokeSession } from "@/app/account/actions"
import { useAction } from "@/components/forms/use-action"
import { useRefresh } from "@/components/live/use-refresh"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Card, CardHeader } from "@/components/ui/card"
import { RelativeTime } from "@/components/ui/relative-time"
import type { AccountView } from "@/server/accounts/views"
import { browserInWords } from "./browser"

/** Where one is signed in, each to end by itself. */
export function Sessions({ sessions }: { sessions: AccountView["sessions"] }) {
  const refresh = useRefresh("account")
  const [end, isEnding] = useAction(revokeSession, refresh)
  const [endOthers, isEndingOthers] = useAction(revokeOtherSessions, refresh)
  return (
    <Card id="sessions">
      <CardHeader
        title="Sessions"
        description="Where you are signed in. What you do not know, end."
        actions={
          sessions.length > 1 ? (
            <Button size="sm" pending={isEndingOthers} onClick={() => endOthers(undefined)}>
              End all others
            </Button>
          ) : null
        }
      />
      <ul className="divide-y divide-line border-line border-t">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
            {/Mobile|Android|iPhone/.test(session.userAgent ?? "") ? (
              <Smartphone aria-hidden className="size-4.5 text-ink-3" />
            ) : (
              <Monitor aria-hidden className="size-4.5 text-ink-3" />
            )}
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2">
                {browserInWords(session.userAgent)}
                {session.isCurrent ? <Badge tone="accent">This one</Badge> : null}
              </p>
              <p className="text-ink-3 text-sm">
                {session.ip ?? "Address unknown"} · last seen <RelativeTime at={session.lastSeen} /> · signed in{" "}
                <RelativeTime at={session.since} />
              </p>
            </div>
            {session.isCurrent ? null : (
              <Button size="sm" variant="danger-quiet" pending={isEnding} onClick={() => end({ id: session.id })}>
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
