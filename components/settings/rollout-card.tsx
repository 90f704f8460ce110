"use client"

import { changeSettings } from "@/app/(dashboard)/apps/actions"
import { FormFailure } from "@/components/forms/form-failure"
import { useActionForm } from "@/components/forms/use-action-form"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import type { SettingsView } from "@/server/apps/settings-view"
import { NumberField } from "./number-field"

/** How one release follows another. */
export function RolloutCard({ view }: { view: SettingsView }) {
  const reason = whyNot(view.role, "app:change_settings")
  const of = useActionForm({
    schema: async () => (await import("@/server/apps/schema")).ChangeSettingsInput,
    action: changeSettings,
    defaultValues: { app: view.name, rollout: view.settings.rollout },
    onDone: (saved) => {
      of.form.reset({ app: view.name, rollout: saved.rollout })
      toast.success("The rollout is changed", "It holds from the next one on.")
    },
  })
  const isDisabled = reason !== null
  return (
    <form method="post" noValidate onSubmit={of.submit}>
      <Card>
        <CardHeader title="Rollout" description="How a new release takes over, so that no request is lost." />
        <CardBody className="grid gap-5 sm:grid-cols-3">
          <NumberField
            of={of}
            name="rollout.batchSize"
            label="At once"
            unit="replicas"
            hint="0 means a quarter of them, at least one."
            isDisabled={isDisabled}
          />
          <NumberField
            of={of}
            name="rollout.settleSeconds"
            label="Watch for"
            unit="seconds"
            hint="New replicas must stay up this long, or it goes back."
            isDisabled={isDisabled}
          />
          <NumberField
            of={of}
            name="rollout.drainSeconds"
            label="Drain for"
            unit="seconds"
            hint="How long an old replica may finish its requests."
            isDisabled={isDisabled}
          />
          {of.failure ? (
            <div className="sm:col-span-3">
              <FormFailure failure={of.failure} />
            </div>
          ) : null}
        </CardBody>
        <CardFooter>
          <span>{reason ?? "Holds from the next rollout on."}</span>
          <Button
            type="submit"
            variant="primary"
            pending={of.pending}
            reason={reason ?? (of.form.formState.isDirty ? null : "Nothing was changed.")}
          >
            Save
          </Button>
        </CardFooter>
      </Card>
    </form>
  )
}
