import type { Route } from "next"
import type { ReactNode } from "react"
import { paths } from "@/components/paths"
import { Breadcrumbs } from "@/components/ui/breadcrumbs"
import { PageHeader } from "@/components/ui/page-header"

/** The first lines of a page of one app. @param props.trail what lies between the app and this page. */
export function AppHeader({
  app,
  here,
  title,
  description,
  actions,
  trail = [],
}: {
  app: string
  /** The last crumb. */
  here: string
  title?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  trail?: { label: string; href: Route }[]
}) {
  const crumbs = [{ label: "Apps", href: paths.apps() }, { label: app, href: paths.app(app) }, ...trail]
  return <PageHeader above={<Breadcrumbs trail={crumbs} here={here} />} title={title ?? here} description={description} actions={actions} />
}
