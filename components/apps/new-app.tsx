"use client"

import { useRouter } from "next/navigation"
import { createApp } from "@/app/(dashboard)/apps/actions"
import { ActionFormElement } from "@/components/forms/action-form"
import { FormFailure } from "@/components/forms/form-failure"
import { FormField } from "@/components/forms/form-field"
import { useActionForm } from "@/components/forms/use-action-form"
import { paths } from "@/components/paths"
import { Breadcrumbs } from "@/components/ui/breadcrumbs"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter } from "@/components/ui/card"
import { PageHeader } from "@/components/ui/page-header"
import { Select } from "@/components/ui/select"
import { DEFAULT_SIZE, MAX_REPLICAS } from "@/server/apps/limits"
import { NameField } from "./name-field"
import { sizeInWords, sizes } from "./size"
import { useNameCheck } from "./use-name-check"

/** An app needs a name; all else has a default and can be changed later. */
export function NewApp({ suggestion }: { suggestion: string }) {
  const router = useRouter()
  const of = useActionForm({
    schema: async () => (await import("@/server/apps/schema")).CreateAppInput,
    action: createApp,
    defaultValues: { name: suggestion, size: DEFAULT_SIZE, replicas: 1 },
    onDone: ({ name }) => router.push(paths.firstPush(name)),
  })
  const check = useNameCheck(of.form.watch("name") ?? "")
  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader
        above={<Breadcrumbs trail={[{ label: "Apps", href: paths.apps() }]} here="New app" />}
        title="New app"
        description="A place for one Elixir project. Nothing runs, and nothing costs, until you push."
      />
      <ActionFormElement of={of} className="contents">
        <Card>
          <CardBody className="grid gap-6 pt-5">
            <NameField of={of} check={check} suggestion={suggestion} />
            <div className="grid gap-6 sm:grid-cols-2">
              <FormField of={of} name="size" label="Size" hint="Memory of each replica; its CPU share goes with it.">
                {(control) => (
                  <Select {...control} {...of.form.register("size", { valueAsNumber: true })}>
                    {sizes.map((size) => (
                      <option key={size} value={size}>
                        {sizeInWords(size)}
                      </option>
                    ))}
                  </Select>
                )}
              </FormField>
              <FormField of={of} name="replicas" label="Replicas" hint="Two or more stay up while one is replaced.">
                {(control) => (
                  <Select {...control} {...of.form.register("replicas", { valueAsNumber: true })}>
                    {Array.from({ length: MAX_REPLICAS }, (_, i) => i + 1).map((count) => (
                      <option key={count} value={count}>
                        {count}
                      </option>
                    ))}
                  </Select>
                )}
              </FormField>
            </div>
            <FormFailure failure={of.failure} />
          </CardBody>
          <CardFooter>
            <span>Size and replicas can be changed at any time.</span>
            <Button
              type="submit"
              variant="primary"
              pending={of.pending}
              reason={check.state === "taken" ? `The name ${check.reason}` : null}
            >
              Create the app
            </Button>
          </CardFooter>
        </Card>
      </ActionFormElement>
    </div>
  )
}
