"use client"

import { useEffect } from "react"
import type { DefaultValues, Path } from "react-hook-form"
import type { z } from "zod"
import { changeSettings } from "@/app/(dashboard)/apps/actions"
import { type ActionForm, useActionForm } from "@/components/forms/use-action-form"
import { useLeaveWarning } from "@/components/forms/use-leave-warning"
import { toast } from "@/components/ui/toast"
import type { AppSettings } from "@/db/schema"
import { whyNot } from "@/server/access/policy"
import type { ChangeSettingsInput } from "@/server/apps/schema"
import { defaultSettings } from "@/server/apps/settings"
import type { SettingsView } from "@/server/apps/settings-view"

type Values = z.input<typeof ChangeSettingsInput>

export interface SettingsForm {
  of: ActionForm<Values>
  /** Why one may not change it; `null` for who may. */
  denied: string | null
  /** Why there is nothing to save, or to bring back to the defaults. */
  whyNotSave: string | null
  whyNotDefaults: string | null
  /** Fills in the defaults; they hold once they are saved. */
  takeDefaults: () => void
}

/** The form of one part of the settings. What somebody else saves meanwhile comes in, but for what was typed here. */
export function useSettingsForm(view: SettingsView, part: keyof AppSettings, saved: { title: string; description: string }): SettingsForm {
  const valuesOf = (settings: AppSettings) => ({ app: view.name, [part]: settings[part] }) as DefaultValues<Values> & Values
  const of = useActionForm<Values, AppSettings>({
    schema: async () => (await import("@/server/apps/schema")).ChangeSettingsInput,
    action: changeSettings,
    defaultValues: valuesOf(view.settings),
    onDone: (settings) => {
      of.form.reset(valuesOf(settings))
      toast.success(saved.title, saved.description)
    },
  })
  const { form } = of
  const stored = view.settings[part]
  useEffect(() => {
    form.reset({ app: view.name, [part]: stored } as Values, { keepDirtyValues: true, keepErrors: true })
  }, [form, view.name, part, stored])
  const { isDirty } = form.formState
  useLeaveWarning(isDirty)
  const denied = whyNot(view.role, "app:change_settings")
  const hasDefaults = JSON.stringify(inOrder(form.watch(part))) === JSON.stringify(inOrder(defaultSettings[part]))
  return {
    of,
    denied,
    whyNotSave: denied ?? (isDirty ? null : "Nothing was changed."),
    whyNotDefaults: denied ?? (hasDefaults ? "These are the defaults." : null),
    takeDefaults: () => {
      for (const [name, value] of Object.entries(defaultSettings[part])) {
        // A path's type does not survive being put together.
        form.setValue(`${part}.${name}` as Path<Values>, value as never, { shouldDirty: true, shouldValidate: true })
      }
    },
  }
}

const inOrder = (values: object | undefined) => Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
