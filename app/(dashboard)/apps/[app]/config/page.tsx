import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { ConfigPage } from "@/components/config/config-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Config · ${(await params).app}` }
}

export default async function Config({ params }: Props) {
  const { app } = await params
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["config", { app }]]}>
      <ConfigPage app={app} />
    </Hydrate>
  )
}
