"use client"

import { useState } from "react"
import { setStack } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import type { SettingsView } from "@/server/apps/settings-view"
import { STACKS } from "@/server/apps/stacks"

const contents: Record<(typeof STACKS)[number], string> = {
  "debian-13": "debian-13: Erlang 27, Elixir 1.18",
  "debian-12": "debian-12: Erlang 25, Elixir 1.14",
}

/** The system that builds and runs it. */
export function StackCard({ view }: { view: SettingsView }) {
  const [touched, setTouched] = useState<(typeof STACKS)[number] | null>(null)
  const [set, pending] = useAction(setStack, () => {
    setTouched(null)
    toast.success("The stack is changed", "The next push is built on it.")
  })
  const reason = whyNot(view.role, "app:change_settings")
  const chosen = touched ?? view.stack
  return (
    <Card>
      <CardHeader title="Stack" description="The system that builds and runs the app." />
      <CardBody>
        <Field label="Stack" className="max-w-80">
          {(control) => (
            <Select
              {...control}
              value={chosen}
              disabled={reason !== null}
              onChange={(event) => setTouched(event.target.value as (typeof STACKS)[number])}
            >
              {STACKS.map((stack) => (
                <option key={stack} value={stack}>
                  {contents[stack]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </CardBody>
      <CardFooter>
        <span>{reason ?? "What runs stays on its stack until the next push."}</span>
        <Button
          variant="primary"
          pending={pending}
          reason={reason ?? (chosen === view.stack ? "It is on this stack." : null)}
          onClick={() => touched && set({ app: view.name, stack: touched })}
        >
          Save
        </Button>
      </CardFooter>
    </Card>
  )
}
