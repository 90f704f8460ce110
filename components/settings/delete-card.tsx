"use client"

import { useRouter } from "next/navigation"
import { deleteApp } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Card, CardHeader } from "@/components/ui/card"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import type { SettingsView } from "@/server/apps/settings-view"

/** The end of an app: says what goes with it and asks for its name. */
export function DeleteCard({ view }: { view: SettingsView }) {
  const router = useRouter()
  const [isOpen, open, close] = useDialogUrl("delete")
  const [remove, pending] = useAction(deleteApp, ({ name }) => {
    toast.success(`${name} is deleted`)
    router.replace(paths.apps())
  })
  const reason = whyNot(view.role, "app:delete")
  return (
    <Card>
      <CardHeader
        title="Delete"
        description={reason ?? "Takes down everything of this app. It cannot be brought back."}
        actions={
          <Button variant="danger-quiet" reason={reason} onClick={open}>
            Delete the app
          </Button>
        }
      />
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => remove({ app: view.name, confirm: view.name })}
        title={`Delete ${view.name}?`}
        confirm="Delete the app"
        typed={view.name}
        isDanger
        pending={pending}
      >
        <p>This cannot be undone. With it goes:</p>
        <ul className="mt-2 list-disc pl-5">
          {goesWith(view).map((what) => (
            <li key={what} className="[overflow-wrap:anywhere]">
              {what}
            </li>
          ))}
        </ul>
        <p className="mt-2">Its name becomes free for anybody.</p>
      </LazyConfirmDialog>
    </Card>
  )
}

function goesWith({ has, addresses }: SettingsView): string[] {
  const some = (count: number, one: string, many: string) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`])
  return [
    ...some(has.replicas, "running replica, at once", "running replicas, at once"),
    `its address ${addresses.url.replace(/^https?:\/\//, "")}`,
    ...some(has.releases, "release with its config", "releases with their config"),
    ...some(has.builds, "build with its log, and the git repository", "builds with their logs, and the git repository"),
    "its logs",
    ...some(has.people, "other person's access", "other people's access"),
  ]
}
