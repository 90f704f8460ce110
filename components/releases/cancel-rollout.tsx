"use client"

import { cancelRollout } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { Button } from "@/components/ui/button"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { toast } from "@/components/ui/toast"
import { type Role, whyNot } from "@/server/access/policy"
import { whyNotCancel } from "@/server/releases/rollout-states"
import type { RolloutView } from "@/server/releases/rollout-view"

/** Ends a rollout: says what becomes of it before it does. */
export function CancelRollout({ app, role, rollout }: { app: string; role: Role; rollout: RolloutView }) {
  const [isOpen, open, close] = useDialogUrl(`cancel-${rollout.id}`)
  const [cancel, pending] = useAction(cancelRollout, () => {
    close()
    toast.success(`The rollout of v${rollout.version} is being cancelled`)
  })
  if (rollout.endedAt) return null
  const reason =
    whyNot(role, "rollout:cancel") ??
    whyNotCancel(rollout.state) ??
    (rollout.cancelRequestedAt ? "It is being cancelled: it goes back at the next safe moment." : null)
  return (
    <>
      <Button size="sm" reason={reason} onClick={open}>
        Cancel
        <span className="sr-only"> the rollout of v{rollout.version}</span>
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => cancel({ app, rollout: rollout.id })}
        title={`Cancel the rollout of v${rollout.version}?`}
        confirm="Cancel the rollout"
        dismiss="Let it go on"
        isDanger
        pending={pending}
      >
        {whatBecomes(rollout)}
      </LazyConfirmDialog>
    </>
  )
}

function whatBecomes({ state, servingVersion, version, kind }: RolloutView): string {
  const before = servingVersion === null ? "Nothing serves then, as before." : `v${servingVersion} serves on, and no request is lost.`
  const stays = kind === "scale" || kind === "restart" ? "" : ` v${version} stays in the list of releases.`
  switch (state) {
    case "waiting":
      return `It has not begun: nothing changes.${stays}`
    case "releasing":
      return `The release command is ended where it is; what it has done, to a database for one, stays done. ${before}${stays}`
    case "settling":
      return `v${version} has the traffic already: what ran before takes it back, and no request is lost.${stays}`
    default:
      return `What was started is ended. ${before}${stays}`
  }
}
