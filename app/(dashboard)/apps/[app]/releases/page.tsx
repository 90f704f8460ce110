import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { FIRST_ENTRIES } from "@/components/releases/first-entries"
import { ReleasesPage } from "@/components/releases/releases-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Releases · ${(await params).app}` }
}

export default async function Releases({ params }: Props) {
  const { app } = await params
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["timeline", { app, limit: FIRST_ENTRIES }]]}>
      <ReleasesPage app={app} />
    </Hydrate>
  )
}
