"use client"

import type { ComponentProps, ReactNode } from "react"
import type { FieldValues, Path } from "react-hook-form"
import { Field } from "@/components/ui/field"
import type { ActionForm } from "./use-action-form"

/** A field of an action's form: label, hint, and what is wrong with it. */
export function FormField<Values extends FieldValues>({
  of,
  name,
  label,
  children,
  ...rest
}: {
  of: ActionForm<Values>
  name: Path<Values>
  label: string
  hint?: ReactNode
  aside?: ReactNode
  className?: string
  children: ComponentProps<typeof Field>["children"]
}) {
  return (
    <Field label={label} error={of.errorOf(name, label)} {...rest}>
      {children}
    </Field>
  )
}
