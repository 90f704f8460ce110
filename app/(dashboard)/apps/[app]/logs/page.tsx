import type { Metadata } from "next"
import { view } from "@/app/data/hydrate"
import { LogsPage } from "@/components/logs/logs-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Logs · ${(await params).app}` }
}

export default async function Logs({ params }: Props) {
  const { app } = await params
  const ctx = await requirePerson()
  return <LogsPage key={app} app={app} first={await view(ctx, "logs", { app, after: null })} />
}
