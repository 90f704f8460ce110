"use client"

import { useState } from "react"
import { confirmSignUp } from "@/app/(auth)/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { FormField } from "@/components/forms/form-field"
import { useActionForm } from "@/components/forms/use-action-form"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { FirstKey } from "./first-key"

/** The six digits that were mailed. */
export function ConfirmForm({ signUpId }: { signUpId: string }) {
  const [made, setMade] = useState<{ email: string; apiKey: string } | null>(null)
  const of = useActionForm({
    schema: async () => (await import("@/server/accounts/schema")).ConfirmSignUpInput,
    action: confirmSignUp,
    defaultValues: { uuid: signUpId, code: "" },
    onDone: setMade,
  })
  if (made) return <FirstKey {...made} />
  return (
    <ActionFormElement of={of}>
      <FormField of={of} name="code" label="Code">
        {(control) => (
          <Input
            {...control}
            {...of.form.register("code")}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            className="h-12 text-center font-mono text-lg tracking-[0.4em] sm:text-lg"
          />
        )}
      </FormField>
      <FormFailure failure={of.failure} />
      <Button type="submit" variant="primary" size="lg" pending={of.pending}>
        Confirm and sign in
      </Button>
    </ActionFormElement>
  )
}
