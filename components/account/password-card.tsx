"use client"

import { changePassword } from "@/app/account/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { FormField } from "@/components/forms/form-field"
import { useActionForm } from "@/components/forms/use-action-form"
import { useRefresh } from "@/components/live/use-refresh"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card"
import { PasswordInput } from "@/components/ui/password-input"
import { toast } from "@/components/ui/toast"
import { PASSWORD_MIN } from "@/server/accounts/limits"

export function PasswordCard() {
  const refresh = useRefresh("account")
  const of = useActionForm({
    schema: async () => (await import("@/server/accounts/schema")).ChangePasswordInput,
    action: changePassword,
    defaultValues: { currentPassword: "", newPassword: "" },
    onDone: async () => {
      of.form.reset()
      toast.success("Your password is changed")
      await refresh()
    },
  })
  return (
    <Card id="password">
      <ActionFormElement of={of} className="contents">
        <CardHeader title="Password" />
        <CardBody className="grid gap-5 sm:grid-cols-2">
          <FormField of={of} name="currentPassword" label="Current password">
            {(control) => <PasswordInput {...control} {...of.form.register("currentPassword")} autoComplete="current-password" />}
          </FormField>
          <FormField of={of} name="newPassword" label="New password" hint={`At least ${PASSWORD_MIN} characters.`}>
            {(control) => <PasswordInput {...control} {...of.form.register("newPassword")} autoComplete="new-password" />}
          </FormField>
          <div className="empty:hidden sm:col-span-2">
            <FormFailure failure={of.failure} />
          </div>
        </CardBody>
        <CardFooter>
          <span>Your other sessions end with it.</span>
          <Button type="submit" pending={of.pending}>
            Change the password
          </Button>
        </CardFooter>
      </ActionFormElement>
    </Card>
  )
}
