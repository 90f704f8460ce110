import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { AuthCard } from "@/components/auth/auth-card"
import { ConfirmForm } from "@/components/auth/confirm-form"
import { paths } from "@/components/paths"
import { TextLink } from "@/components/ui/text-link"

export const metadata: Metadata = { title: "Confirm your e-mail" }

export default async function ConfirmPage({ searchParams }: { searchParams: Promise<{ id?: string; email?: string }> }) {
  const { id, email } = await searchParams
  if (!id) redirect(paths.signUp())
  return (
    <AuthCard
      title="Look into your mail"
      description={
        <>
          We sent six digits to <strong className="break-words font-medium text-ink">{email ?? "your address"}</strong>. Where no mail
          server is set up, the mail lies in Phial’s <span className="font-mono text-sm">mail</span> folder on the server.
        </>
      }
      below={
        <>
          Nothing came? <TextLink href={paths.signUp()}>Start again</TextLink>
        </>
      }
    >
      <ConfirmForm signUpId={id} />
    </AuthCard>
  )
}
