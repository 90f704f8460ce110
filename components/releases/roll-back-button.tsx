"use client"

import { Undo2 } from "lucide-react"
import { useRouter } from "next/navigation"
import { rollback } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import type { ReleaseView } from "@/server/releases/views"
import { ConfigDifference } from "./config-difference"
import { SlugDifference } from "./slug-difference"

/** Brings this release back: says what will differ, then one click. */
export function RollBackButton({ app, view }: { app: string; view: ReleaseView }) {
  const router = useRouter()
  const [isOpen, open, close] = useDialogUrl("rollback")
  const { release, rollback: back, latest } = view
  const [run, pending] = useAction(rollback, ({ version }) => {
    close()
    toast.success(`v${version} brings v${release.version} back`, "It is being rolled out.", {
      label: `Open v${version}`,
      onClick: () => router.push(paths.release(app, version)),
    })
  })
  const reason = whyNot(view.role, "release:rollback") ?? whyNoRollback(view)
  return (
    <>
      <Button variant="primary" icon={<Undo2 aria-hidden />} reason={reason} onClick={open}>
        Roll back to v{release.version}
      </Button>
      {back ? (
        <LazyConfirmDialog
          isOpen={isOpen && !reason}
          onClose={close}
          onConfirm={() => run({ app, version: release.version })}
          title={`Roll back to v${release.version}?`}
          confirm="Roll back"
          pending={pending}
        >
          <p>
            Makes v{latest + 1} of v{release.version}'s code and config and rolls it out; v{back.from.version} serves until it is healthy.
            Against v{back.from.version} this differs:
          </p>
          <div className="mt-4 grid gap-4 rounded-md border border-line bg-canvas p-4">
            <SlugDifference from={back.from} to={release} />
            <div>
              <h3 className="mb-1.5 font-medium text-ink-3 text-sm">Config</h3>
              <ConfigDifference config={back.config} none="The same keys with the same values." />
            </div>
          </div>
        </LazyConfirmDialog>
      ) : null}
    </>
  )
}

function whyNoRollback({ release, latest }: ReleaseView): string | null {
  if (release.version === latest) return `v${release.version} is the newest release.`
  return release.slug ? null : "It is from before the first push: it has nothing to run."
}
