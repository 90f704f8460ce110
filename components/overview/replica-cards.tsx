"use client"

import { CircleOff, OctagonX, RotateCw } from "lucide-react"
import Link from "next/link"
import { killReplica, restartReplica } from "@/app/(dashboard)/apps/actions"
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
import { inOrderOfUse, replicaLook, replicasInWords, restartsInWords, trafficInWords } from "./replica-looks"
import { BringBack, ScaleToZero } from "./zero-buttons"

/** The replicas that run, start or end. */
export function ReplicaCards({ view }: { view: OverviewView }) {
  const { app, replicas } = view
  return (
    <Card aria-label="Replicas">
      <CardHeader
        title="Replicas"
        description={`${replicasInWords(replicas, app.replicas)}. Each has ${sizeInWords(app.size)} of memory.`}
        actions={
          <>
            {app.replicas > 0 && view.serving ? <ScaleToZero app={app} /> : null}
            <Button asChild size="sm">
              <Link href={paths.scale(app.name)}>Scale</Link>
            </Button>
          </>
        }
      />
      {replicas.length === 0 ? (
        <NoReplica view={view} />
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {inOrderOfUse(replicas).map((replica) => (
            <Replica key={replica.id} app={app.name} role={app.role} replica={replica} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function NoReplica({ view: { app } }: { view: OverviewView }) {
  return (
    <EmptyState
      icon={CircleOff}
      title="No replica runs"
      className="py-8"
      action={app.replicas === 0 && app.formerReplicas !== null ? <BringBack app={app} to={app.formerReplicas} /> : null}
    >
      {app.replicas === 0
        ? "The app is scaled to zero: visitors are told that nothing serves."
        : "They appear here as soon as a release is rolled out."}
    </EmptyState>
  )
}

function Replica({ app, role, replica }: { app: string; role: Role; replica: ReplicaView }) {
  const look = replicaLook(replica.state)
  const past = restartsInWords(replica)
  const traffic = trafficInWords(replica)
  return (
    <li className="flex items-start justify-between gap-4 px-5 py-3.5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium font-mono text-sm">{replica.id}</span>
          <Status tone={look.tone} isBusy={look.isBusy}>
            {look.label}
          </Status>
          <Badge>v{replica.version}</Badge>
          {traffic ? <span className="text-ink-2 text-sm tabular-nums">{traffic}</span> : null}
        </p>
        <p className="mt-1 text-ink-2 text-sm">
          <Since replica={replica} />
          {past ? (
            <span className="text-ink-3">
              {replica.state === "waiting" ? null : " · "}
              {past} {replica.lastExit ? <RelativeTime at={replica.lastExit.at} /> : null}
            </span>
          ) : null}
        </p>
        <Copyable text={replica.nodeName} label={`Copy the node name of ${replica.id}`} className="text-ink-3" />
      </div>
      {isEnding(replica) ? (
        <EndReplica app={app} role={role} replica={replica} />
      ) : (
        <RestartReplica app={app} role={role} replica={replica} />
      )}
    </li>
  )
}

function Since({ replica: { state, startedAt, healthyAt, drainingAt } }: { replica: ReplicaView }) {
  if (state === "waiting") return null
  if (state === "draining" && drainingAt) {
    return (
      <>
        Drains for <Duration from={drainingAt} />
      </>
    )
  }
  return (
    <>
      {state === "starting" ? "Starting for" : "Up"} <Duration from={healthyAt ?? startedAt} />
    </>
  )
}

const isEnding = ({ state }: ReplicaView) => state === "draining" || state === "stopping"

function EndReplica({ app, role, replica }: { app: string; role: Role; replica: ReplicaView }) {
  const [isOpen, open, close] = useDialogUrl(`end-${replica.id}`)
  const [end, pending] = useAction(killReplica, () => {
    close()
    toast.success(`${replica.id} is ended`)
  })
  const reason = whyNot(role, "replica:kill")
  return (
    <>
      <IconButton size="sm" label={`End ${replica.id} now`} icon={<OctagonX aria-hidden />} reason={reason} onClick={open} />
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => end({ app, replica: replica.id })}
        title={`End ${replica.id} now?`}
        confirm="End it now"
        isDanger
        pending={pending}
      >
        It is ended at once, with what it has still to finish.
      </LazyConfirmDialog>
    </>
  )
}

function RestartReplica({ app, role, replica }: { app: string; role: Role; replica: ReplicaView }) {
  const [isOpen, open, close] = useDialogUrl(`restart-${replica.id}`)
  const [restart, pending] = useAction(restartReplica, close)
  const reason = whyNot(role, "app:restart")
  return (
    <>
      <IconButton size="sm" label={`Restart ${replica.id}`} icon={<RotateCw aria-hidden />} reason={reason} onClick={open} />
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => restart({ app, replica: replica.id })}
        title={`Restart ${replica.id}?`}
        confirm="Restart it"
        pending={pending}
      >
        Another one is started and takes its place when it is healthy; then this one finishes what it has and ends. No request is lost. What
        it keeps in memory only is gone.
      </LazyConfirmDialog>
    </>
  )
}
