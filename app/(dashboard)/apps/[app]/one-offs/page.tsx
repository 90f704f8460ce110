import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { OneOffsPage } from "@/components/one-offs/one-offs-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `One-offs · ${(await params).app}` }
}

export default async function OneOffs({ params }: Props) {
  const { app } = await params
  return (
    <Hydrate ctx={await requirePerson()} views={[["oneOffs", { app }]]}>
      <OneOffsPage key={app} app={app} />
    </Hydrate>
  )
}
