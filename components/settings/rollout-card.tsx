"use client"

import { Choices } from "@/components/ui/choices"
import { defaultSettings } from "@/server/apps/settings"
import type { SettingsView } from "@/server/apps/settings-view"
import { HotUpgradeAdvice } from "./hot-upgrade-advice"
import { NumberField } from "./number-field"
import { SettingsCard } from "./settings-card"
import { useSettingsForm } from "./use-settings-form"

const defaults = defaultSettings.rollout

/** How one release follows another. */
export function RolloutCard({ view }: { view: SettingsView }) {
  const form = useSettingsForm(view, "rollout", {
    title: "The rollout is changed",
    description: "The pace holds at once; no replica is replaced.",
  })
  const { of, denied } = form
  const choose = <Name extends "rollout.strategy" | "rollout.configChanges">(name: Name) => ({
    isDisabled: denied !== null,
    onChange: (value: "rolling" | "hot" | "now" | "next_deploy") => of.form.setValue(name, value as never, { shouldDirty: true }),
  })
  return (
    <SettingsCard
      of={form}
      title="Rollout"
      description="How a new release takes over, so that no request is lost."
      effect="The pace holds at once, also for a rollout under way; no replica is replaced."
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <NumberField
          of={form}
          name="rollout.batchSize"
          label="At once"
          unit="replicas"
          hint="How many are started together. 0 means a quarter of them, at least one."
          standard={defaults.batchSize}
        />
        <NumberField
          of={form}
          name="rollout.waitSeconds"
          label="Wait between batches"
          unit="seconds"
          hint="Between one batch being healthy and the next being started."
          standard={defaults.waitSeconds}
        />
        <NumberField
          of={form}
          name="rollout.settleSeconds"
          label="Watch for"
          unit="seconds"
          hint="New replicas must stay up this long under traffic, or it goes back."
          standard={defaults.settleSeconds}
        />
        <NumberField
          of={form}
          name="rollout.drainSeconds"
          label="Drain for"
          unit="seconds"
          hint="How long an old replica may finish its requests; its WebSockets move over little by little in this time."
          standard={defaults.drainSeconds}
        />
      </div>
      <Choices
        label="Strategy of a push"
        value={of.form.watch("rollout.strategy") ?? defaults.strategy}
        options={[
          {
            value: "rolling",
            label: "Rolling (default)",
            hint: "New replicas start beside the old ones and take over once they are healthy. What is only in memory is gone. Right for nearly every app.",
          },
          {
            value: "hot",
            label: "Hot upgrade",
            hint: "Running replicas load the new code in place: memory and open connections stay. Wise for small changes of an app that keeps state; the build says where it cannot be, and then it rolls.",
          },
        ]}
        {...choose("rollout.strategy")}
      />
      <HotUpgradeAdvice />
      <Choices
        label="Config changes"
        value={of.form.watch("rollout.configChanges") ?? defaults.configChanges}
        options={[
          { value: "now", label: "Apply now (default)", hint: "A change makes a release and is rolled out at once." },
          {
            value: "next_deploy",
            label: "Hold until the next deploy",
            hint: "A change makes a release and waits. The config page says so, and applies it with one click.",
          },
        ]}
        {...choose("rollout.configChanges")}
      />
    </SettingsCard>
  )
}
