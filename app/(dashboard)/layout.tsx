import type { ReactNode } from "react"
import { Live } from "@/components/live/live"
import { QueryProvider } from "@/components/live/query-provider"
import { Shell } from "@/components/shell/shell"
import { requirePerson } from "@/server/next/context"

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const ctx = await requirePerson()
  return (
    <QueryProvider>
      <Live>
        <Shell email={ctx.actor.email}>{children}</Shell>
      </Live>
    </QueryProvider>
  )
}
