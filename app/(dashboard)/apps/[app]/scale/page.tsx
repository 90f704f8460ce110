import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { ScalePage } from "@/components/scale/scale-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Scale · ${(await params).app}` }
}

export default async function Scale({ params }: Props) {
  const { app } = await params
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["scale", { app }]]}>
      <ScalePage app={app} />
    </Hydrate>
  )
}
