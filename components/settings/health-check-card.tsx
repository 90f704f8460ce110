"use client"

import { changeSettings } from "@/app/(dashboard)/apps/actions"
import { FormFailure } from "@/components/forms/form-failure"
import { FormField } from "@/components/forms/form-field"
import { useActionForm } from "@/components/forms/use-action-form"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card"
import { Input } from "@/components/ui/input"
import { Segmented } from "@/components/ui/segmented"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import type { SettingsView } from "@/server/apps/settings-view"
import { NumberField } from "./number-field"

/** When a replica counts as healthy. */
export function HealthCheckCard({ view }: { view: SettingsView }) {
  const reason = whyNot(view.role, "app:change_settings")
  const of = useActionForm({
    schema: async () => (await import("@/server/apps/schema")).ChangeSettingsInput,
    action: changeSettings,
    defaultValues: { app: view.name, check: view.settings.check },
    onDone: (saved) => {
      of.form.reset({ app: view.name, check: saved.check })
      toast.success("The health check is changed", "It holds from the next look on; no replica is replaced.")
    },
  })
  const kind = of.form.watch("check.kind") ?? "tcp"
  const isDisabled = reason !== null
  return (
    <form method="post" noValidate onSubmit={of.submit}>
      <Card>
        <CardHeader
          title="Health check"
          description="A replica gets traffic once it answers, and loses it when it stops."
          actions={
            <Segmented
              label="Kind of check"
              value={kind}
              onChange={(next) => (isDisabled ? undefined : of.form.setValue("check.kind", next, { shouldDirty: true }))}
              options={[
                { value: "tcp", label: "Port" },
                { value: "http", label: "HTTP path" },
              ]}
            />
          }
        />
        <CardBody className="grid gap-5">
          {kind === "http" ? (
            <FormField of={of} name="check.path" label="Path" hint="Any answer from 200 to 399 is healthy.">
              {(control) => <Input {...control} readOnly={isDisabled} className="font-mono" {...of.form.register("check.path")} />}
            </FormField>
          ) : (
            <p className="text-ink-2">It is healthy while it accepts connections on PORT.</p>
          )}
          <div className="grid gap-5 sm:grid-cols-2">
            <NumberField
              of={of}
              name="check.graceSeconds"
              label="Time to start"
              unit="seconds"
              hint="How long a new replica may take until it first answers."
              isDisabled={isDisabled}
            />
            <NumberField of={of} name="check.intervalSeconds" label="Asked every" unit="seconds" isDisabled={isDisabled} />
            <NumberField of={of} name="check.timeoutSeconds" label="Must answer within" unit="seconds" isDisabled={isDisabled} />
            <NumberField of={of} name="check.successes" label="Healthy after" unit="answers" isDisabled={isDisabled} />
            <NumberField of={of} name="check.failures" label="Unhealthy after" unit="misses" isDisabled={isDisabled} />
          </div>
          <FormFailure failure={of.failure} />
        </CardBody>
        <CardFooter>
          <span>{reason ?? "Changing it replaces no replica."}</span>
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
