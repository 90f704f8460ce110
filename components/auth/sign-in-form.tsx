"use client"

import { signIn } from "@/app/(auth)/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { FormField } from "@/components/forms/form-field"
import { useActionForm } from "@/components/forms/use-action-form"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { PasswordInput } from "@/components/ui/password-input"

export function SignInForm() {
  const of = useActionForm({
    schema: async () => (await import("@/server/accounts/schema")).SignInInput,
    action: signIn,
    defaultValues: { email: "", password: "" },
    // A whole load: nothing that the browser kept of another session survives.
    onDone: () => window.location.assign(paths.apps()),
  })
  return (
    <ActionFormElement of={of}>
      <FormField of={of} name="email" label="E-mail">
        {(control) => <Input {...control} {...of.form.register("email")} type="email" autoComplete="username" autoCapitalize="none" />}
      </FormField>
      <FormField of={of} name="password" label="Password">
        {(control) => <PasswordInput {...control} {...of.form.register("password")} autoComplete="current-password" />}
      </FormField>
      <FormFailure failure={of.failure} />
      <Button type="submit" variant="primary" size="lg" pending={of.pending}>
        Sign in
      </Button>
    </ActionFormElement>
  )
}
