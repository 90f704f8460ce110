"use client"

import type { FieldPathByValue } from "react-hook-form"
import type { z } from "zod"
import { FormField } from "@/components/forms/form-field"
import { Input } from "@/components/ui/input"
import type { ChangeSettingsInput } from "@/server/apps/schema"
import type { SettingsForm } from "./use-settings-form"

/** A whole number with its unit, what it is for, and its default. */
export function NumberField({
  of,
  name,
  label,
  unit,
  hint,
  standard,
}: {
  of: SettingsForm
  name: FieldPathByValue<z.input<typeof ChangeSettingsInput>, number | undefined>
  label: string
  unit: string
  hint: string
  standard: number
}) {
  return (
    <FormField of={of.of} name={name} label={label} hint={hint}>
      {(control) => (
        <div className="flex items-center gap-2">
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            disabled={of.denied !== null}
            className="w-24"
            {...of.of.form.register(name, { valueAsNumber: true })}
          />
          <span className="text-ink-3 text-sm">
            {unit} (default {standard})
          </span>
        </div>
      )}
    </FormField>
  )
}
