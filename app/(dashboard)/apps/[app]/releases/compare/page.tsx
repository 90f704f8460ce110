import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { Hydrate } from "@/app/data/hydrate"
import { ComparePage } from "@/components/releases/compare-page"
import { requirePerson } from "@/server/next/context"

type Text = string | string[] | undefined

interface Props {
  params: Promise<{ app: string }>
  searchParams: Promise<{ from?: Text; to?: Text }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Compare releases · ${(await params).app}` }
}

export default async function Compare({ params, searchParams }: Props) {
  const { app } = await params
  const asked = await searchParams
  const [from, to] = [versionOf(asked.from), versionOf(asked.to)]
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["comparison", { app, from, to }]]}>
      <ComparePage app={app} from={from} to={to} />
    </Hydrate>
  )
}

function versionOf(text: Text): number | null {
  if (text === undefined) return null
  if (typeof text !== "string" || !/^v?[1-9]\d{0,8}$/.test(text)) notFound()
  return Number(text.replace("v", ""))
}
