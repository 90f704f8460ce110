"use client"

import { FormField } from "@/components/forms/form-field"
import { Button } from "@/components/ui/button"
import { Code } from "@/components/ui/code"
import { Textarea } from "@/components/ui/input"
import { defaultSettings } from "@/server/apps/settings"
import type { SettingsView } from "@/server/apps/settings-view"
import { NumberField } from "./number-field"
import { SettingsCard } from "./settings-card"
import { useSettingsForm } from "./use-settings-form"

const SUGGESTIONS = [{ label: "Ecto migrations", command: "gigalixir_run migrate" }]

/** What is run once before a release takes over. */
export function ReleaseCommandCard({ view }: { view: SettingsView }) {
  const form = useSettingsForm(view, "releaseCommand", {
    title: "The release command is changed",
    description: "It is run with the next release.",
  })
  const { of, denied } = form
  const command = of.form.watch("releaseCommand.command") ?? ""
  return (
    <SettingsCard
      of={form}
      title="Release command"
      description="Run once for each deploy, config change and rollback, before anything of the new release is started."
      effect="Holds from the next release on."
    >
      <p className="max-w-prose text-ink-2">
        It runs in a container of its own with the new release and its config. If it fails or passes its time limit, the rollout stops
        there: no traffic has moved, and what runs goes on. Its output is in the rollout and in the logs.
      </p>
      <FormField
        of={of}
        name="releaseCommand.command"
        label="Command"
        hint={
          <>
            A line for the shell, in the app's folder. Empty: none. <Code>gigalixir_run migrate</Code> runs all Ecto migrations, of a
            release as of a mix project.
          </>
        }
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            spellCheck={false}
            disabled={denied !== null}
            placeholder="None"
            className="font-mono"
            {...of.form.register("releaseCommand.command")}
          />
        )}
      </FormField>
      <p className="-mt-2 flex flex-wrap items-center gap-2 text-ink-3 text-sm">
        Ready to use:
        {SUGGESTIONS.map((suggestion) => (
          <Button
            key={suggestion.command}
            size="sm"
            reason={denied ?? (command.trim() === suggestion.command ? "This is the command." : null)}
            onClick={() => of.form.setValue("releaseCommand.command", suggestion.command, { shouldDirty: true, shouldValidate: true })}
          >
            {suggestion.label}
          </Button>
        ))}
      </p>
      <div className="grid gap-5 sm:grid-cols-2">
        <NumberField
          of={form}
          name="releaseCommand.timeLimitSeconds"
          label="Time limit"
          unit="seconds"
          hint="It is ended after this, and the rollout with it."
          standard={defaultSettings.releaseCommand.timeLimitSeconds}
        />
      </div>
    </SettingsCard>
  )
}
