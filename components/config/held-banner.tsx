"use client"

import { applyHeldConfig } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { ConfigDifference } from "@/components/releases/config-difference"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { TextLink } from "@/components/ui/text-link"
import { toast } from "@/components/ui/toast"
import { type Role, whyNot } from "@/server/access/policy"
import type { HeldConfig } from "@/server/config"

/** That the newest config waits, which keys differ from what runs, and the way to apply it. */
export function HeldBanner({
  app,
  role,
  held,
  isAsleep,
}: {
  app: string
  role: Role
  held: HeldConfig
  /** Nothing runs now. */
  isAsleep: boolean
}) {
  const [isOpen, open, close] = useDialogUrl("apply-config")
  const [apply, pending] = useAction(applyHeldConfig, ({ version }) => {
    close()
    toast.success(`The config of v${version} is being rolled out`)
  })
  const reason = whyNot(role, "config:change")
  const keys = held.added.length + held.changed.length + held.removed.length
  return (
    <Banner
      tone="warn"
      title={held.why === "held" ? "Held until the next deploy" : `v${held.version} does not run`}
      action={
        <Button size="sm" reason={reason} onClick={open}>
          {held.why === "held" ? "Apply now" : "Try again"}
        </Button>
      }
    >
      <p>
        {keys === 1 ? "1 key" : `${keys} keys`} of <TextLink href={paths.release(app, held.version)}>v{held.version}</TextLink>{" "}
        {keys === 1 ? "differs" : "differ"} from v{held.running}, {isAsleep ? "the last that ran" : "which runs"}.{" "}
        {held.why === "held" ? "The next deploy or restart" : "The next deploy"} brings {keys === 1 ? "it" : "them"}.
      </p>
      <div className="mt-2">
        <ConfigDifference config={held} none={null} />
      </div>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => apply({ app })}
        title={`Apply the config of v${held.version}?`}
        confirm="Apply now"
        pending={pending}
      >
        Rolls out v{held.version}; v{held.running} serves until it is healthy, and no request is lost. To take it back, roll back to v
        {held.running}.
      </LazyConfirmDialog>
    </Banner>
  )
}
