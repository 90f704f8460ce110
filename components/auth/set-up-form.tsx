"use client"

import { useState } from "react"
import { setUp } from "@/app/(auth)/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { type ActionForm, useActionForm } from "@/components/forms/use-action-form"
import { Button } from "@/components/ui/button"
import { FirstKey } from "./first-key"
import { NewAccountFields } from "./new-account-fields"

/** Makes the operator's account, then shows its first API key. */
export function SetUpForm({ token }: { token: string }) {
  const [made, setMade] = useState<{ email: string; apiKey: string } | null>(null)
  const of = useActionForm({
    schema: async () => (await import("@/server/accounts/schema")).SetUpInput,
    action: setUp,
    defaultValues: { email: "", password: "", token },
    onDone: setMade,
  })
  if (made) return <FirstKey {...made} />
  return (
    <ActionFormElement of={of}>
      {/* The token is in the link: only the account's own two fields are asked for. */}
      <NewAccountFields of={of as unknown as ActionForm<{ email: string; password: string }>} />
      <FormFailure failure={of.failure} />
      <Button type="submit" variant="primary" size="lg" pending={of.pending}>
        Make my account
      </Button>
    </ActionFormElement>
  )
}
