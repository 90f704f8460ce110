"use client"

import { FormField } from "@/components/forms/form-field"
import type { ActionForm } from "@/components/forms/use-action-form"
import { Input } from "@/components/ui/input"
import { PasswordInput } from "@/components/ui/password-input"
import { PASSWORD_MIN } from "@/server/accounts/limits"

/** The two things that an account is made of. */
export function NewAccountFields({ of }: { of: ActionForm<{ email: string; password: string }> }) {
  return (
    <>
      <FormField of={of} name="email" label="E-mail">
        {(control) => <Input {...control} {...of.form.register("email")} type="email" autoComplete="username" autoCapitalize="none" />}
      </FormField>
      <FormField of={of} name="password" label="Password" hint={`At least ${PASSWORD_MIN} characters. A few words are easy to remember.`}>
        {(control) => <PasswordInput {...control} {...of.form.register("password")} autoComplete="new-password" />}
      </FormField>
    </>
  )
}
