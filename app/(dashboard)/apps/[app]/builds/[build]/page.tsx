import type { Metadata } from "next"
import { firstBuildLines } from "@/app/data/first-build-lines"
import { Hydrate } from "@/app/data/hydrate"
import { BuildPage } from "@/components/builds/build-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string; build: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Build · ${(await params).app}` }
}

export default async function Build({ params }: Props) {
  const { app, build } = await params
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["build", { app, build }]]}>
      <BuildPage key={build} app={app} build={build} first={await firstBuildLines(ctx, app, build)} />
    </Hydrate>
  )
}
