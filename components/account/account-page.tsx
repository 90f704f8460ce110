"use client"

import { useView } from "@/components/live/use-view"
import { Badge } from "@/components/ui/badge"
import { PageHeader } from "@/components/ui/page-header"
import { RelativeTime } from "@/components/ui/relative-time"
import { ApiKeys } from "./api-keys"
import { PasswordCard } from "./password-card"
import { Sessions } from "./sessions"
import { SshKeys } from "./ssh-keys"

export function AccountPage() {
  const account = useView("account", {})
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title={<span className="break-words">{account.email}</span>}
        description={
          <span className="flex flex-wrap items-center gap-2">
            <span>
              Here since <RelativeTime at={account.since} />
            </span>
            {account.isOperator ? <Badge tone="accent">Operator</Badge> : null}
          </span>
        }
      />
      <div className="grid gap-4">
        <SshKeys keys={account.sshKeys} />
        <ApiKeys keys={account.apiKeys} />
        <PasswordCard />
        <Sessions sessions={account.sessions} />
      </div>
    </div>
  )
}
