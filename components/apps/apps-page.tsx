"use client"

import { Plus, SearchX } from "lucide-react"
import Link from "next/link"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { PageHeader } from "@/components/ui/page-header"
import { AppFilters } from "./app-filters"
import { AppList } from "./app-list"
import { FirstApp } from "./first-app"
import { matching } from "./matching"
import { useAppQuery } from "./use-app-query"

/** Every app that one reaches. */
export function AppsPage({ origin, email }: { origin: string; email: string }) {
  const { apps } = useView("apps", {})
  const [query, setQuery] = useAppQuery()
  if (apps.length === 0) return <FirstApp origin={origin} email={email} />
  const shown = matching(apps, query)
  return (
    <>
      <PageHeader
        title="Apps"
        description={inWords(apps)}
        actions={
          <Button asChild variant="primary">
            <Link href={paths.newApp()}>
              <Plus aria-hidden />
              New app
            </Link>
          </Button>
        }
      />
      <AppFilters apps={apps} query={query} onChange={setQuery} shown={shown.length} />
      <Card className="overflow-hidden">
        {shown.length > 0 ? (
          <AppList apps={shown} email={email} />
        ) : (
          <EmptyState
            icon={SearchX}
            title="No app matches"
            action={<Button onClick={() => setQuery({ q: "", state: "all", owner: "all" })}>Show all {apps.length}</Button>}
          >
            None of your {apps.length} apps has this in its name, state and owner.
          </EmptyState>
        )}
      </Card>
    </>
  )
}

function inWords(apps: { wanted: number; running: number; state: string }[]): string {
  const troubled = apps.filter(({ state }) => state === "down" || state === "failed" || state === "degraded").length
  const count = `${apps.length.toLocaleString("en")} ${apps.length === 1 ? "app" : "apps"}`
  if (troubled === 0) return `${count}. All is well.`
  return `${count}. ${troubled} ${troubled === 1 ? "needs" : "need"} a look.`
}
