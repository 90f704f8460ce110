import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { OverviewPage } from "@/components/overview/overview-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).app}` }
}

export default async function Overview({ params }: Props) {
  const { app } = await params
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["overview", { app }]]}>
      <OverviewPage app={app} email={ctx.actor.email} />
    </Hydrate>
  )
}
