"use client"

import { cancelOneOff } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { Button } from "@/components/ui/button"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { type Role, whyNot } from "@/server/access/policy"
import type { OneOffView } from "@/server/one-offs/views"

/** Ends a command; what it has done stays done. */
export function CancelOneOff({ oneOff }: { oneOff: OneOffView & { app: string; role: Role } }) {
  const [isOpen, open, close] = useDialogUrl("cancel")
  const [cancel, pending] = useAction(cancelOneOff, close)
  const reason = whyNot(oneOff.role, "one_off:cancel")
  return (
    <>
      <Button variant="danger-quiet" reason={reason} pending={oneOff.isCancelling} onClick={open}>
        Cancel
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => cancel({ app: oneOff.app, oneOff: oneOff.id })}
        title="Cancel this command?"
        confirm="End it"
        isDanger
        pending={pending}
      >
        It is asked to end (SIGTERM), and killed after ten seconds if it has not. What it has done by then stays done. What serves goes on.
      </LazyConfirmDialog>
    </>
  )
}
