"use client"

import { Plus } from "lucide-react"
import { useState } from "react"
import { removeSshKey } from "@/app/account/actions"
import { useAction } from "@/components/forms/use-action"
import { useRefresh } from "@/components/live/use-refresh"
import { Button } from "@/components/ui/button"
import { Card, CardHeader } from "@/components/ui/card"
import { ConfirmDialog } from "@/components/ui/confirm-dialog"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { RelativeTime } from "@/components/ui/relative-time"
import type { AccountView } from "@/server/accounts/views"
import { NewSshKey } from "./new-ssh-key"

type Key = AccountView["sshKeys"][number]

/** What opens the SSH addresses of one's apps. */
export function SshKeys({ keys }: { keys: Key[] }) {
  const [isNew, openNew, closeNew] = useDialogUrl("new-ssh-key")
  const [removing, setRemoving] = useState<Key | null>(null)
  const refresh = useRefresh("account")
  const [remove, pending] = useAction(removeSshKey, async () => {
    setRemoving(null)
    await refresh()
  })
  return (
    <Card id="ssh-keys">
      <CardHeader
        title="SSH keys"
        description="They open a shell or a remote console in the replicas of your apps."
        actions={
          <Button size="sm" icon={<Plus />} onClick={openNew}>
            Add key
          </Button>
        }
      />
      {keys.length === 0 ? (
        <p className="border-line border-t px-5 py-4 text-ink-3">No key yet: without one nobody gets in by SSH.</p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {keys.map((key) => (
            <li key={key.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
              <div className="min-w-0 flex-1">
                <p className="truncate">{key.comment || "Without a comment"}</p>
                <p className="break-all font-mono text-ink-2 text-sm">{key.fingerprint}</p>
                <p className="text-ink-3 text-sm">
                  {key.kind} · added <RelativeTime at={key.since} />
                </p>
              </div>
              <Button size="sm" variant="danger-quiet" onClick={() => setRemoving(key)}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      {isNew ? <NewSshKey onClose={closeNew} /> : null}
      <ConfirmDialog
        isOpen={removing !== null}
        onClose={() => setRemoving(null)}
        title="Remove this SSH key?"
        confirm="Remove the key"
        isDanger
        pending={pending}
        onConfirm={() => {
          if (removing) remove({ id: removing.id })
        }}
      >
        <p className="break-all font-mono text-sm">{removing?.fingerprint}</p>
        <p className="mt-2">Running replicas forget it within a minute.</p>
      </ConfirmDialog>
    </Card>
  )
}
