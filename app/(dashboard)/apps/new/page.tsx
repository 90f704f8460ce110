import type { Metadata } from "next"
import { Hydrate, view } from "@/app/data/hydrate"
import { FirstPush } from "@/components/apps/first-push"
import { NewApp } from "@/components/apps/new-app"
import { nameSuggestion } from "@/server/apps"
import { requirePerson } from "@/server/next/context"

export const metadata: Metadata = { title: "New app" }

/** First the form; with `?app=` the page of an app that waits for its first push. */
export default async function NewAppPage({ searchParams }: { searchParams: Promise<{ app?: string }> }) {
  const { app } = await searchParams
  const ctx = await requirePerson()
  if (!app) return <NewApp suggestion={await nameSuggestion(ctx.db)} />
  await view(ctx, "firstPush", { app })
  return (
    <Hydrate ctx={ctx} views={[["firstPush", { app }]]}>
      <FirstPush app={app} email={ctx.actor.email} />
    </Hydrate>
  )
}
