"use client"

import { ArrowUpRight, Construction, RotateCw } from "lucide-react"
import { restartApp, setMaintenance } from "@/app/(dashboard)/apps/actions"
import { stateLooks } from "@/components/apps/state"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Breadcrumbs } from "@/components/ui/breadcrumbs"
import { Button } from "@/components/ui/button"
import { CopyButton } from "@/components/ui/copy-button"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { PageHeader } from "@/components/ui/page-header"
import { Status } from "@/components/ui/status"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import type { OverviewView } from "@/server/apps/overview-view"

/** Its name, how it is in a sentence, where it answers, and what one can do to the whole of it. */
export function OverviewHeader({ view }: { view: OverviewView }) {
  const look = stateLooks[view.state]
  const { app, addresses } = view
  return (
    <PageHeader
      above={<Breadcrumbs trail={[{ label: "Apps", href: paths.apps() }]} here={app.name} />}
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all">{app.name}</span>
          <Status tone={look.tone} isBusy={look.isBusy}>
            {look.label}
          </Status>
        </span>
      }
      description={
        <>
          <p role="status">{view.sentence}</p>
          <p className="mt-1 flex min-w-0 items-center gap-0.5 text-sm">
            <span className="min-w-0 truncate font-mono text-ink">{addresses.url.replace(/^https?:\/\//, "")}</span>
            <CopyButton text={addresses.url} label="Copy the app's address" />
          </p>
        </>
      }
      actions={
        <>
          <Maintenance view={view} />
          <Restart view={view} />
          <Button asChild variant={view.serving ? "primary" : "secondary"}>
            <a href={addresses.url} target="_blank" rel="noreferrer">
              Open
              <ArrowUpRight aria-hidden />
              <span className="sr-only">(in a new tab)</span>
            </a>
          </Button>
        </>
      }
    />
  )
}

function Restart({ view: { app, serving, held } }: { view: OverviewView }) {
  const [isOpen, open, close] = useDialogUrl("restart")
  const [restart, pending] = useAction(restartApp, () => {
    close()
    toast.success(`${app.name} restarts`, "Replicas are replaced one after another.")
  })
  const reason = whyNot(app.role, "app:restart") ?? (serving && app.replicas > 0 ? null : "Nothing runs that could be restarted.")
  return (
    <>
      <Button icon={<RotateCw aria-hidden />} reason={reason} onClick={open}>
        Restart
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => restart({ app: app.name })}
        title={`Restart ${app.name}?`}
        confirm="Restart"
        pending={pending}
      >
        New replicas of v{held?.why === "held" ? held.version : serving?.version} start, take the traffic once they are healthy, and then
        the {app.replicas} that {app.replicas === 1 ? "runs finishes its requests and ends" : "run finish their requests and end"}. No
        request is lost.
        {held?.why === "held" ? ` They get the config of v${held.version}, which is held until now.` : null}
      </LazyConfirmDialog>
    </>
  )
}

function Maintenance({ view: { app } }: { view: OverviewView }) {
  const [isOpen, open, close] = useDialogUrl("maintenance")
  const [end] = useAction(setMaintenance, () => toast.success(`${app.name} answers again`))
  const [set, pending] = useAction(setMaintenance, (_, { isEnabled }) => {
    close()
    if (!isEnabled) return toast.success(`${app.name} answers again`)
    toast.success(`${app.name} is in maintenance`, "Visitors see the maintenance page.", {
      label: "Undo",
      onClick: () => end({ app: app.name, isEnabled: false }),
    })
  })
  const reason = whyNot(app.role, "app:maintain")
  if (app.isInMaintenance) {
    return (
      <Button
        icon={<Construction aria-hidden />}
        reason={reason}
        pending={pending}
        onClick={() => set({ app: app.name, isEnabled: false })}
      >
        End maintenance
      </Button>
    )
  }
  return (
    <>
      <Button icon={<Construction aria-hidden />} reason={reason} onClick={open}>
        Maintenance
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => set({ app: app.name, isEnabled: true })}
        title={`Put ${app.name} in maintenance?`}
        confirm="Turn maintenance on"
        pending={pending}
      >
        Visitors see a maintenance page with status 503 in place of the app. Replicas go on running, deploys go on working, and one click
        ends it.
      </LazyConfirmDialog>
    </>
  )
}
