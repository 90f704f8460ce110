"use client"

import { useRouter } from "next/navigation"
import { signUp } from "@/app/(auth)/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { useActionForm } from "@/components/forms/use-action-form"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { NewAccountFields } from "./new-account-fields"

export function SignUpForm() {
  const router = useRouter()
  const of = useActionForm({
    schema: async () => (await import("@/server/accounts/schema")).SignUpInput,
    action: signUp,
    defaultValues: { email: "", password: "" },
    onDone: ({ uuid }, { email }) => router.push(paths.confirmSignUp(uuid, email)),
  })
  return (
    <ActionFormElement of={of}>
      <NewAccountFields of={of} />
      <FormFailure failure={of.failure} />
      <Button type="submit" variant="primary" size="lg" pending={of.pending}>
        Mail me a code
      </Button>
    </ActionFormElement>
  )
}
