"use client"

import type { ReactNode } from "react"
import type { FieldValues, Path } from "react-hook-form"
import { FormField } from "@/components/forms/form-field"
import type { ActionForm } from "@/components/forms/use-action-form"
import { Input } from "@/components/ui/input"

/** A whole number with its unit. */
export function NumberField<Values extends FieldValues>({
  of,
  name,
  label,
  unit,
  hint,
  isDisabled,
}: {
  of: ActionForm<Values>
  name: Path<Values>
  label: string
  unit: string
  hint?: ReactNode
  isDisabled: boolean
}) {
  return (
    <FormField of={of} name={name} label={label} hint={hint}>
      {(control) => (
        <div className="flex items-center gap-2">
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            readOnly={isDisabled}
            className="w-24"
            {...of.form.register(name, { valueAsNumber: true })}
          />
          <span className="text-ink-3 text-sm">{unit}</span>
        </div>
      )}
    </FormField>
  )
}
