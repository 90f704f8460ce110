import type { Metadata } from "next"
import { AuthCard } from "@/components/auth/auth-card"
import { SignUpForm } from "@/components/auth/sign-up-form"
import { paths } from "@/components/paths"
import { TextLink } from "@/components/ui/text-link"

export const metadata: Metadata = { title: "Make an account" }

export default function SignUpPage() {
  return (
    <AuthCard
      title="Make an account"
      description="Push an Elixir project, and it runs. You get a code by mail first."
      below={
        <>
          You have one? <TextLink href={paths.signIn()}>Sign in</TextLink>
        </>
      }
    >
      <SignUpForm />
    </AuthCard>
  )
}
