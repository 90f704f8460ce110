import type { Metadata } from "next"
import { Hydrate, view } from "@/app/data/hydrate"
import { OneOffPage } from "@/components/one-offs/one-off-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string; oneOff: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `One-off · ${(await params).app}` }
}

export default async function OneOff({ params }: Props) {
  const { app, oneOff } = await params
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["oneOff", { app, oneOff }]]}>
      <OneOffPage key={oneOff} app={app} oneOff={oneOff} first={await view(ctx, "output", { app, printer: oneOff, after: 0 })} />
    </Hydrate>
  )
}
