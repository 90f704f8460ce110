"use client"

import dynamic from "next/dynamic"
import { setMaintenance } from "@/app/(dashboard)/apps/actions"
import { AppHeader } from "@/components/apps/app-header"
import { useAction } from "@/components/forms/use-action"
import { useView } from "@/components/live/use-view"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { Copyable } from "@/components/ui/copyable"
import { Facts } from "@/components/ui/facts"
import { RelativeTime } from "@/components/ui/relative-time"
import { Skeleton } from "@/components/ui/skeleton"
import { Switch } from "@/components/ui/switch"
import { Tooltip } from "@/components/ui/tooltip"
import { whyNot } from "@/server/access/policy"
import type { SettingsView } from "@/server/apps/settings-view"
import { DeleteCard } from "./delete-card"
import { StackCard } from "./stack-card"

/** Forms bring the library that checks them: after the page. */
const loading = () => (
  <Card className="grid h-96 content-start gap-4 p-5">
    <Skeleton className="h-5 w-40" />
    <Skeleton className="w-64" />
    <Skeleton className="h-9 w-56" />
  </Card>
)
const HealthCheckCard = dynamic(() => import("./health-check-card").then((module) => module.HealthCheckCard), { ssr: false, loading })
const ReleaseCommandCard = dynamic(() => import("./release-command-card").then((module) => module.ReleaseCommandCard), {
  ssr: false,
  loading,
})
const RolloutCard = dynamic(() => import("./rollout-card").then((module) => module.RolloutCard), { ssr: false, loading })

/** How the app is judged and rolled, where it is reached, and its end. */
export function SettingsPage({ app }: { app: string }) {
  const view = useView("settings", { app })
  return (
    <>
      <AppHeader app={app} here="Settings" />
      <div className="grid max-w-3xl gap-4">
        <Addresses view={view} />
        <Maintenance view={view} />
        <HealthCheckCard view={view} />
        <RolloutCard view={view} />
        <ReleaseCommandCard view={view} />
        <StackCard view={view} />
        <DeleteCard view={view} />
      </div>
    </>
  )
}

function Addresses({ view: { addresses, createdAt } }: { view: SettingsView }) {
  const { ssh } = addresses
  return (
    <Card>
      <CardHeader
        title="Addresses"
        description={
          <>
            Made <RelativeTime at={createdAt} />.
          </>
        }
      />
      <CardBody>
        <Facts
          className="grid-cols-1"
          facts={[
            { name: "App", value: <Copyable text={addresses.url} label="Copy the app's address" /> },
            { name: "Git remote", value: <Copyable text={addresses.gitRemote} label="Copy the git remote" /> },
            {
              name: "SSH, into a running replica",
              value: ssh ? (
                <Copyable text={`ssh -p ${ssh.port} root@${ssh.host}`} label="Copy the SSH command" />
              ) : (
                "None: all ports that this Phial has for SSH are taken."
              ),
            },
          ]}
        />
      </CardBody>
    </Card>
  )
}

function Maintenance({ view }: { view: SettingsView }) {
  const [set, pending] = useAction(setMaintenance, () => undefined)
  const reason = whyNot(view.role, "app:maintain")
  const control = (
    <Switch
      aria-label="Maintenance"
      checked={view.isInMaintenance}
      disabled={pending || reason !== null}
      onCheckedChange={(isEnabled) => set({ app: view.name, isEnabled })}
    />
  )
  return (
    <Card>
      <CardHeader
        title="Maintenance"
        description={
          reason ??
          (view.isInMaintenance
            ? "Visitors see the maintenance page. Replicas go on running."
            : "Off. When on, visitors see a maintenance page with status 503 in place of the app.")
        }
        actions={
          reason ? (
            <Tooltip content={reason}>
              <span>{control}</span>
            </Tooltip>
          ) : (
            control
          )
        }
      />
    </Card>
  )
}
