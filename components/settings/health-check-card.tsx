"use client"

import { FormField } from "@/components/forms/form-field"
import { Input } from "@/components/ui/input"
import { Segmented } from "@/components/ui/segmented"
import { defaultSettings } from "@/server/apps/settings"
import type { SettingsView } from "@/server/apps/settings-view"
import { NumberField } from "./number-field"
import { SettingsCard } from "./settings-card"
import { useSettingsForm } from "./use-settings-form"

const defaults = defaultSettings.check

/** When a replica counts as healthy. */
export function HealthCheckCard({ view }: { view: SettingsView }) {
  const form = useSettingsForm(view, "check", {
    title: "The health check is changed",
    description: "It holds from the next look on; no replica is replaced.",
  })
  const { of, denied } = form
  const kind = of.form.watch("check.kind") ?? "tcp"
  return (
    <SettingsCard
      of={form}
      title="Health check"
      description="A replica gets traffic once it answers, and loses it when it stops answering."
      effect="Holds from the next look on, also for what runs; no replica is replaced."
      actions={
        <Segmented
          label="Kind of check"
          value={kind}
          isDisabled={denied !== null}
          onChange={(next) => of.form.setValue("check.kind", next, { shouldDirty: true })}
          options={[
            { value: "tcp", label: "TCP port" },
            { value: "http", label: "HTTP path" },
          ]}
        />
      }
    >
      {kind === "http" ? (
        <div className="grid gap-5 sm:grid-cols-2">
          <FormField of={of} name="check.path" label="Path" hint="Asked with GET on the port in PORT." aside={`default ${defaults.path}`}>
            {(control) => <Input {...control} disabled={denied !== null} className="font-mono" {...of.form.register("check.path")} />}
          </FormField>
          <FormField
            of={of}
            name="check.expectedStatus"
            label="Expected status"
            hint="A status such as 200, or a range such as 200-399. Any other answer is a miss."
            aside={`default ${defaults.expectedStatus}`}
          >
            {(control) => (
              <Input {...control} disabled={denied !== null} className="w-32 font-mono" {...of.form.register("check.expectedStatus")} />
            )}
          </FormField>
        </div>
      ) : (
        <p className="text-ink-2">It is healthy while it accepts connections on the port in PORT.</p>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <NumberField
          of={form}
          name="check.graceSeconds"
          label="Time to start"
          unit="seconds"
          hint="How long a new replica may take until it first answers. Later than that, the rollout goes back."
          standard={defaults.graceSeconds}
        />
        <NumberField
          of={form}
          name="check.intervalSeconds"
          label="Asked every"
          unit="seconds"
          hint="How often a healthy replica is asked."
          standard={defaults.intervalSeconds}
        />
        <NumberField
          of={form}
          name="check.timeoutSeconds"
          label="Must answer within"
          unit="seconds"
          hint="An answer that comes later is a miss."
          standard={defaults.timeoutSeconds}
        />
        <NumberField
          of={form}
          name="check.successes"
          label="Healthy after"
          unit="answers"
          hint="In a row, before it gets traffic."
          standard={defaults.successes}
        />
        <NumberField
          of={form}
          name="check.failures"
          label="Unhealthy after"
          unit="misses"
          hint="In a row, before it loses traffic."
          standard={defaults.failures}
        />
      </div>
    </SettingsCard>
  )
}
