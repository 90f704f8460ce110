import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { SettingsPage } from "@/components/settings/settings-page"
import { requirePerson } from "@/server/next/context"

interface Props {
  params: Promise<{ app: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Settings · ${(await params).app}` }
}

export default async function Settings({ params }: Props) {
  const { app } = await params
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["settings", { app }]]}>
      <SettingsPage app={app} />
    </Hydrate>
  )
}
