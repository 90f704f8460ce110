"use client"

import { CircleOff, OctagonX } from "lucide-react"
import Link from "next/link"
import { killReplica } from "@/app/(dashboard)/apps/actions"
import { sizeInWords } from "@/components/apps/size"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Card, CardHeader } from "@/components/ui/card"
import { Copyable } from "@/components/ui/copyable"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { EmptyState } from "@/components/ui/empty-state"
import { IconButton } from "@/components/ui/icon-button"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { Duration, RelativeTime } from "@/components/ui/relative-time"
import { Status } from "@/components/ui/status"
import { toast } from "@/components/ui/toast"
import { type Role, whyNot } from "@/server/access/policy"
import type { ReplicaView } from "@/server/apps/overview"
import type { OverviewView } from "@/server/apps/overview-view"
import { replicaLook, restartsInWords } from "./replica-looks"

/** The replicas that run, start or end. */
export function ReplicaCards({ view: { app, replicas } }: { view: OverviewView }) {
  const healthy = replicas.filter(({ state }) => state === "healthy").length
  return (
    <Card>
      <CardHeader
        title="Replicas"
        description={`${healthy} of ${app.replicas} healthy, each with ${sizeInWords(app.size)} of memory`}
        actions={
          <Button asChild size="sm">
            <Link href={paths.scale(app.name)}>Scale</Link>
          </Button>
        }
      />
      {replicas.length === 0 ? (
        <NoReplica wanted={app.replicas} app={app.name} />
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {replicas.map((replica) => (
            <Replica key={replica.id} app={app.name} role={app.role} replica={replica} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function NoReplica({ wanted, app }: { wanted: number; app: string }) {
  return (
    <EmptyState
      icon={CircleOff}
      title="No replica runs"
      className="py-8"
      action={
        wanted === 0 ? (
          <Button asChild variant="primary">
            <Link href={paths.scale(app)}>Scale it up</Link>
          </Button>
        ) : null
      }
    >
      {wanted === 0
        ? "The app is scaled to zero: visitors are told that nothing serves."
        : "They appear here as soon as a release is rolled out."}
    </EmptyState>
  )
}

function Replica({ app, role, replica }: { app: string; role: Role; replica: ReplicaView }) {
  const look = replicaLook(replica.state)
  const past = restartsInWords(replica)
  return (
    <li className="flex items-start justify-between gap-4 px-5 py-3.5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium font-mono text-sm">{replica.id}</span>
          <Status tone={look.tone} isBusy={look.isBusy}>
            {look.label}
          </Status>
          <Badge>v{replica.version}</Badge>
        </p>
        <p className="mt-1 text-ink-2 text-sm">
          {replica.state === "waiting" ? null : (
            <>
              {replica.state === "starting" ? "Starting for" : "Up"} <Duration from={replica.healthyAt ?? replica.startedAt} />
            </>
          )}
          {past ? (
            <span className="text-ink-3">
              {replica.state === "waiting" ? null : " · "}
              {past} {replica.lastExit ? <RelativeTime at={replica.lastExit.at} /> : null}
            </span>
          ) : null}
        </p>
        <Copyable text={replica.nodeName} label={`Copy the node name of ${replica.id}`} className="text-ink-3" />
      </div>
      <EndReplica app={app} role={role} replica={replica} />
    </li>
  )
}

function EndReplica({ app, role, replica }: { app: string; role: Role; replica: ReplicaView }) {
  const [isOpen, open, close] = useDialogUrl(`end-${replica.id}`)
  const [end, pending] = useAction(killReplica, () => {
    close()
    toast.success(`${replica.id} is ended`, "Another takes its place.")
  })
  const reason = whyNot(role, "replica:kill")
  return (
    <>
      <IconButton size="sm" label={`End ${replica.id}`} icon={<OctagonX aria-hidden />} reason={reason} onClick={open} />
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => end({ app, replica: replica.id })}
        title={`End ${replica.id}?`}
        confirm="End it"
        isDanger
        pending={pending}
      >
        It is ended at once, with what it is doing; another takes its place. To replace replicas without losing a request, restart the app.
      </LazyConfirmDialog>
    </>
  )
}
