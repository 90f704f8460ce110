import type { Metadata } from "next"
import { Hydrate } from "@/app/data/hydrate"
import { AccountPage } from "@/components/account/account-page"
import { requirePerson } from "@/server/next/context"

export const metadata: Metadata = { title: "Account" }

export default async function Account() {
  const ctx = await requirePerson()
  return (
    <Hydrate ctx={ctx} views={[["account", {}]]}>
      <AccountPage />
    </Hydrate>
  )
}
