"use client"

import { cancelBuild } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { Button } from "@/components/ui/button"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { whyNot } from "@/server/access/policy"
import type { BuildView } from "@/server/builds/views"

/** Ends a build; what serves is not touched. */
export function CancelBuild({ build }: { build: BuildView }) {
  const [isOpen, open, close] = useDialogUrl("cancel")
  const [cancel, pending] = useAction(cancelBuild, close)
  const reason = whyNot(build.role, "build:cancel")
  return (
    <>
      <Button variant="danger-quiet" reason={reason} pending={build.isCancelling} onClick={open}>
        Cancel the build
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => cancel({ app: build.app, build: build.id })}
        title={`Cancel build ${build.number}?`}
        confirm="Cancel the build"
        isDanger
        pending={pending}
      >
        The build ends, the push is refused, and nothing is released. What serves goes on. Push again to build again.
      </LazyConfirmDialog>
    </>
  )
}
