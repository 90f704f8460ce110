import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { Hydrate } from "@/app/data/hydrate"
import { ReleasePage } from "@/components/releases/release-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string; version: string }>
  searchParams: Promise<{ against?: string | string[] }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { app, version } = await params
  return { title: `v${version} · ${app}` }
}

export default async function Release({ params, searchParams }: Props) {
  const { app, ...of } = await params
  const version = versionOf(of.version)
  const against = versionOf((await searchParams).against)
  if (version === null) notFound()
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["release", { app, version, against }]]}>
      <ReleasePage app={app} version={version} against={against} />
    </Hydrate>
  )
}

function versionOf(text: string | string[] | undefined): number | null {
  return typeof text === "string" && /^v?[1-9]\d{0,8}$/.test(text) ? Number(text.replace("v", "")) : null
}
