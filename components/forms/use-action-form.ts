"use client"

import { useState } from "react"
import { type DefaultValues, type FieldValues, type Path, type UseFormReturn, useForm } from "react-hook-form"
import type { ActionError, ActionResult } from "@/server/next/action"
import { checkedBy, type Schema } from "./checked-by"

export interface ActionForm<Values extends FieldValues> {
  form: UseFormReturn<Values>
  /** For `<form onSubmit>`. */
  submit: (event?: React.BaseSyntheticEvent) => Promise<void>
  pending: boolean
  /** What belongs to no field of the form. */
  failure: { message: string; requestId?: string } | null
  /** What is wrong with a field, as a sentence. @param label for messages that go on from the field's name: "is at most 16." */
  errorOf: (name: Path<Values>, label: string) => string | undefined
}

/**
 * A form over a server action: checked as one types by the verb's own schema, and again by the server; what either says stands
 * beside its field, and what was typed stays.
 */
export function useActionForm<Values extends FieldValues, T>(options: {
  schema: Schema<Values>
  action: (input: Values) => Promise<ActionResult<T>>
  defaultValues: DefaultValues<Values>
  onDone: (data: T, values: Values) => void | Promise<void>
}): ActionForm<Values> {
  const form = useForm<Values>({
    resolver: checkedBy(options.schema),
    defaultValues: options.defaultValues,
    mode: "onTouched",
  })
  const [failure, setFailure] = useState<ActionForm<Values>["failure"]>(null)

  const submit = form.handleSubmit(async (values) => {
    setFailure(null)
    const result = await options.action(values).catch(unreachableServer)
    if (result.ok) await options.onDone(result.data, values)
    else setFailure(place(result.error, form))
  })

  return {
    form,
    submit,
    pending: form.formState.isSubmitting,
    failure,
    errorOf: (name, label) => {
      const message = form.getFieldState(name, form.formState).error?.message
      return message && sentence(message, label)
    },
  }
}

/** Puts each message beside its field. @returns what is left over. */
function place<Values extends FieldValues>(error: ActionError, form: UseFormReturn<Values>): ActionForm<Values>["failure"] {
  let isPlaced = false
  for (const [field, [message]] of Object.entries(error.fields)) {
    // Also `check.path`: a form's fields may be nested.
    if (!message || form.getValues(field as Path<Values>) === undefined) continue
    form.setError(field as Path<Values>, { type: "server", message }, { shouldFocus: !isPlaced })
    isPlaced = true
  }
  if (isPlaced) return null
  return { message: error.message, ...(error.requestId ? { requestId: error.requestId } : {}) }
}

/** A server that cannot be reached throws instead of answering. */
function unreachableServer(): ActionResult<never> {
  return { ok: false, error: { code: "unavailable", message: "Phial cannot be reached. Nothing was changed: try again.", fields: {} } }
}

/** Messages of the API go on from the field's name: "has already been taken." */
function sentence(message: string, label: string): string {
  return /^[a-z]/.test(message) ? `${label} ${message}` : message
}
