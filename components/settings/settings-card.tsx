"use client"

import { RotateCcw } from "lucide-react"
import type { ReactNode } from "react"
import { FormFailure } from "@/components/forms/form-failure"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card"
import type { SettingsForm } from "./use-settings-form"

/** A part of the settings with its form: what it is about, its fields, what saving does. */
export function SettingsCard({
  of,
  title,
  description,
  effect,
  actions,
  children,
}: {
  of: SettingsForm
  title: string
  description: string
  /** What saving does to what runs. */
  effect: string
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <form method="post" noValidate onSubmit={of.of.submit} aria-label={title}>
      <Card>
        <CardHeader title={title} description={description} actions={actions} />
        <CardBody className="grid gap-5 pt-1">
          {children}
          <FormFailure failure={of.of.failure} />
        </CardBody>
        <CardFooter>
          <span className="min-w-0 flex-1 basis-56">{of.denied ?? effect}</span>
          <div className="flex flex-wrap gap-2">
            <Button variant="ghost" icon={<RotateCcw aria-hidden />} reason={of.whyNotDefaults} onClick={of.takeDefaults}>
              Back to defaults
            </Button>
            <Button type="submit" variant="primary" pending={of.of.pending} reason={of.whyNotSave}>
              Save
            </Button>
          </div>
        </CardFooter>
      </Card>
    </form>
  )
}
