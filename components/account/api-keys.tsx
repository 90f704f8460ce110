"use client"

import { Plus } from "lucide-react"
import { useState } from "react"
import { revokeApiKey } from "@/app/account/actions"
import { useAction } from "@/components/forms/use-action"
import { useRefresh } from "@/components/live/use-refresh"
import { Button } from "@/components/ui/button"
import { Card, CardHeader } from "@/components/ui/card"
import { ConfirmDialog } from "@/components/ui/confirm-dialog"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { RelativeTime } from "@/components/ui/relative-time"
import type { AccountView } from "@/server/accounts/views"
import { NewApiKey } from "./new-api-key"

type Key = AccountView["apiKeys"][number]

/** For git, the command line and the API. */
export function ApiKeys({ keys }: { keys: Key[] }) {
  const [isNew, openNew, closeNew] = useDialogUrl("new-api-key")
  const [revoking, setRevoking] = useState<Key | null>(null)
  const refresh = useRefresh("account")
  const [revoke, pending] = useAction(revokeApiKey, async () => {
    setRevoking(null)
    await refresh()
  })
  return (
    <Card id="api-keys">
      <CardHeader
        title="API keys"
        description="The password for git push, the command line and the API."
        actions={
          <Button size="sm" icon={<Plus />} onClick={openNew}>
            New key
          </Button>
        }
      />
      {keys.length === 0 ? (
        <p className="border-line border-t px-5 py-4 text-ink-3">No key yet: make one to push.</p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {keys.map((key) => (
            <li key={key.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
              <div className="min-w-0 flex-1">
                <p className="truncate">{key.name}</p>
                <p className="text-ink-3 text-sm">
                  <span className="font-mono">{key.prefix}…</span> · made <RelativeTime at={key.since} /> ·{" "}
                  {key.lastUsed ? (
                    <>
                      used <RelativeTime at={key.lastUsed} />
                    </>
                  ) : (
                    "never used"
                  )}
                  {key.expires ? (
                    <>
                      {" "}
                      · expires <RelativeTime at={key.expires} />
                    </>
                  ) : null}
                </p>
              </div>
              <Button size="sm" variant="danger-quiet" onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      {isNew ? <NewApiKey onClose={closeNew} /> : null}
      <ConfirmDialog
        isOpen={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke “${revoking?.name ?? ""}”?`}
        confirm="Revoke the key"
        isDanger
        pending={pending}
        onConfirm={() => {
          if (revoking) revoke({ id: revoking.id })
        }}
      >
        Whatever pushes or calls with it is refused from now on. A new key is a click away; this one does not come back.
      </ConfirmDialog>
    </Card>
  )
}
