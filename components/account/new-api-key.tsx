"use client"

import { useState } from "react"
import { createApiKey } from "@/app/account/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { FormField } from "@/components/forms/form-field"
import { useActionForm } from "@/components/forms/use-action-form"
import { useRefresh } from "@/components/live/use-refresh"
import { Button } from "@/components/ui/button"
import { Copyable } from "@/components/ui/copyable"
import { Dialog, DialogFooter } from "@/components/ui/dialog"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"

const LIVES = [30, 90, 365]

/** Asks for a name, then shows the key, this once. */
export function NewApiKey({ onClose }: { onClose: () => void }) {
  const [key, setKey] = useState<string | null>(null)
  if (key) {
    return (
      <Dialog isOpen onClose={onClose} title="Your new key" description="It is shown this once: copy it now.">
        <div className="rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
          <Copyable text={key} label="Copy the API key" isWhole className="w-full justify-between" />
        </div>
        <DialogFooter>
          <Button variant="primary" onClick={onClose}>
            I have copied it
          </Button>
        </DialogFooter>
      </Dialog>
    )
  }
  return (
    <Dialog isOpen onClose={onClose} title="New API key" description="Name it after the place where it will lie: a laptop, a CI.">
      <KeyForm onClose={onClose} onKey={setKey} />
    </Dialog>
  )
}

function KeyForm({ onClose, onKey }: { onClose: () => void; onKey: (key: string) => void }) {
  const refresh = useRefresh("account")
  const of = useActionForm({
    schema: async () => (await import("@/server/accounts/schema")).CreateApiKeyInput,
    action: createApiKey,
    defaultValues: { name: "" },
    onDone: async ({ key }) => {
      onKey(key)
      await refresh()
    },
  })
  return (
    <ActionFormElement of={of}>
      <FormField of={of} name="name" label="Name">
        {(control) => <Input {...control} {...of.form.register("name")} autoComplete="off" />}
      </FormField>
      <FormField of={of} name="expiresInDays" label="Works for">
        {(control) => (
          <Select {...control} {...of.form.register("expiresInDays", { setValueAs: (text: string) => (text ? Number(text) : undefined) })}>
            <option value="">Until it is revoked</option>
            {LIVES.map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
          </Select>
        )}
      </FormField>
      <FormFailure failure={of.failure} />
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={of.pending}>
          Create the key
        </Button>
      </DialogFooter>
    </ActionFormElement>
  )
}
