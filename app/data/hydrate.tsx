import "server-only"
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query"
import { notFound } from "next/navigation"
import type { ReactNode } from "react"
import { queryDefaults } from "@/components/live/query-defaults"
import type { ViewName, Views } from "@/components/live/views"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { queries } from "./queries"

/** A view with its parameters; the type of the pair is kept. */
export type Wanted = { [K in ViewName]: readonly [K, Views[K]["params"]] }[ViewName]

/** Answers views on the server and hands them to the browser, where `useView` finds them: no second request, no flash. */
export async function Hydrate({ ctx, views, children }: { ctx: Ctx; views: Wanted[]; children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: queryDefaults } })
  const answers = await Promise.all(views.map(([name, params]) => view(ctx, name, params)))
  for (const [i, wanted] of views.entries()) client.setQueryData([...wanted], answers[i])
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>
}

/** One view for the page's own use. What one may not see is the page "not found". */
export async function view<K extends ViewName>(ctx: Ctx, name: K, params: Views[K]["params"]): Promise<Views[K]["data"]> {
  try {
    return await queries[name].view(ctx, params)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "not_found") notFound()
    throw thrown
  }
}
