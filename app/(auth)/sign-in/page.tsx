import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { AuthCard } from "@/components/auth/auth-card"
import { SignInForm } from "@/components/auth/sign-in-form"
import { paths } from "@/components/paths"
import { TextLink } from "@/components/ui/text-link"
import { pageCtx } from "@/server/next/context"

export const metadata: Metadata = { title: "Sign in" }

export default async function SignInPage() {
  const { actor } = await pageCtx()
  if (actor.kind === "person") redirect(paths.apps())
  return (
    <AuthCard
      title="Sign in"
      below={
        <>
          New here? <TextLink href={paths.signUp()}>Make an account</TextLink>
        </>
      }
    >
      <SignInForm />
    </AuthCard>
  )
}
