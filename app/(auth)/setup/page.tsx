import type { Metadata } from "next"
import { AuthCard } from "@/components/auth/auth-card"
import { SetUpForm } from "@/components/auth/set-up-form"
import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { CommandBlock } from "@/components/ui/command-block"
import { isSetUp } from "@/server/accounts"
import { pageCtx } from "@/server/next/context"

export const metadata: Metadata = { title: "Set up" }

/** Where the link leads that the first start printed. */
export default async function SetUpPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams
  const ctx = await pageCtx()
  // Whoever has just used the link is signed in, and this page comes again under the form, which shows them their key.
  if (ctx.actor.kind !== "person" && (await isSetUp(ctx))) return <AlreadySetUp />
  if (!token) return <NoToken />
  return (
    <AuthCard
      title="Set up Phial"
      description="This makes the first account. It is the operator’s: it sees the health of the platform. The link works once."
    >
      <SetUpForm token={token} />
    </AuthCard>
  )
}

function AlreadySetUp() {
  return (
    <AuthCard title="This Phial is set up">
      <div className="grid gap-5">
        <Banner tone="info" title="The set-up link was used">
          The first account exists already, so this link does nothing any more. Sign in with that account, or make one of your own.
        </Banner>
        <Button asChild variant="primary" size="lg">
          <a href={paths.signIn()}>Sign in</a>
        </Button>
      </div>
    </AuthCard>
  )
}

function NoToken() {
  return (
    <AuthCard
      title="This link is incomplete"
      description="The set-up link has a token at its end. Whoever installed Phial finds it in the terminal where this runs:"
    >
      <CommandBlock commands={["npm start"]} label="The command that prints the link" />
    </AuthCard>
  )
}
