"use client"

import { scaleApp } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { Button } from "@/components/ui/button"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import type { OverviewView } from "@/server/apps/overview-view"

type App = OverviewView["app"]

/** Ends all replicas; the message that says so undoes it. */
export function ScaleToZero({ app }: { app: App }) {
  const [isOpen, open, close] = useDialogUrl("zero")
  const [bringBack] = useAction(scaleApp, ({ replicas }) => toast.success(`${app.name} is brought back`, replicasStart(replicas)))
  const [scale, pending] = useAction(scaleApp, () => {
    close()
    toast.success(`${app.name} is scaled to zero`, "Visitors are told that nothing serves.", {
      label: "Undo",
      onClick: () => bringBack({ app: app.name, replicas: app.replicas }),
    })
  })
  const reason = whyNot(app.role, "app:scale")
  return (
    <>
      <Button size="sm" reason={reason} onClick={open}>
        Scale to zero
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => scale({ app: app.name, replicas: 0 })}
        title={`Scale ${app.name} to zero?`}
        confirm="Scale to zero"
        pending={pending}
      >
        {app.replicas === 1 ? "Its replica finishes its requests and ends." : `Its ${app.replicas} replicas finish their requests and end.`}{" "}
        Visitors are told that nothing serves. Releases, config and addresses stay, and one click brings{" "}
        {app.replicas === 1 ? "it" : "them"} back.
      </LazyConfirmDialog>
    </>
  )
}

/** Starts as many as there were. @param props.to how many. */
export function BringBack({ app, to }: { app: App; to: number }) {
  const [scale, pending] = useAction(scaleApp, () => toast.success(`${app.name} is brought back`, replicasStart(to)))
  return (
    <Button
      variant="primary"
      pending={pending}
      reason={whyNot(app.role, "app:scale")}
      onClick={() => scale({ app: app.name, replicas: to })}
    >
      Bring back {to === 1 ? "1 replica" : `${to} replicas`}
    </Button>
  )
}

const replicasStart = (count: number) => (count === 1 ? "1 replica starts." : `${count} replicas start.`)
