import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { AppsPage } from "@/components/apps/apps-page"
import { requirePerson } from "@/server/next/context"
import { serverParts } from "@/server/next/parts"

export const metadata: Metadata = { title: "Apps" }

export default async function Apps() {
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["apps", {}]]}>
      <AppsPage origin={serverParts().env.url} email={ctx.actor.email} />
    </Hydrate>
  )
}
