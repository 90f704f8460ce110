"use client"

import { addSshKey } from "@/app/account/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { FormField } from "@/components/forms/form-field"
import { useActionForm } from "@/components/forms/use-action-form"
import { useRefresh } from "@/components/live/use-refresh"
import { Button } from "@/components/ui/button"
import { CommandBlock } from "@/components/ui/command-block"
import { Dialog, DialogFooter } from "@/components/ui/dialog"
import { Textarea } from "@/components/ui/input"

export function NewSshKey({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh("account")
  const of = useActionForm({
    schema: async () => (await import("@/server/accounts/schema")).AddSshKeyInput,
    action: addSshKey,
    defaultValues: { sshKey: "" },
    onDone: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <Dialog isOpen onClose={onClose} title="Add an SSH key" description="Your public key, on one line. This prints it:">
      <ActionFormElement of={of}>
        <CommandBlock commands={["cat ~/.ssh/id_ed25519.pub"]} label="How to print it" />
        <FormField of={of} name="sshKey" label="Public key">
          {(control) => (
            <Textarea
              {...control}
              {...of.form.register("sshKey")}
              rows={5}
              spellCheck={false}
              autoCapitalize="none"
              placeholder="ssh-ed25519 AAAA… you@laptop"
              className="break-all font-mono text-sm sm:text-sm"
            />
          )}
        </FormField>
        <FormFailure failure={of.failure} />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={of.pending}>
            Add the key
          </Button>
        </DialogFooter>
      </ActionFormElement>
    </Dialog>
  )
}
