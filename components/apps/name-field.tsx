"use client"

import { CircleCheck, CircleX, Dices } from "lucide-react"
import { FormField } from "@/components/forms/form-field"
import type { ActionForm } from "@/components/forms/use-action-form"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { Spinner } from "@/components/ui/spinner"
import type { NameCheck } from "./use-name-check"

/** "shop has already been taken", but "a name starts with a letter". */
const isAboutThisName = (reason: string | null) => reason !== null && /^(is|has already) /.test(reason)

type Values = { name?: string | undefined; size?: number | undefined; replicas?: number | undefined }

/** The name, with a verdict while one types and a suggestion to fall back on. */
export function NameField({ of, check, suggestion }: { of: ActionForm<Values>; check: NameCheck; suggestion: string }) {
  const name = of.form.watch("name") ?? ""
  const suggest = () => of.form.setValue("name", suggestion, { shouldValidate: true })
  return (
    <div className="grid gap-1.5">
      <FormField
        of={of}
        name="name"
        label="Name"
        hint="It becomes the app’s address and its git remote, and cannot be changed."
        aside={
          name === suggestion ? null : (
            <Button variant="ghost" size="sm" className="-my-2" icon={<Dices />} onClick={suggest}>
              {suggestion}
            </Button>
          )
        }
      >
        {(control) => (
          <Input
            {...control}
            {...of.form.register("name")}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </FormField>
      <p role="status" className="flex min-h-5 items-center gap-1.5 text-sm">
        <Verdict check={check} name={name.trim().toLowerCase()} />
      </p>
    </div>
  )
}

function Verdict({ check, name }: { check: NameCheck; name: string }) {
  switch (check.state) {
    case "empty":
      return <span className="text-ink-3">Leave it empty to get a name of three words.</span>
    case "checking":
      return (
        <>
          <Spinner className="text-ink-3" />
          <span className="text-ink-3">Looking whether it is free…</span>
        </>
      )
    case "free":
      return (
        <>
          <CircleCheck aria-hidden className="size-4 shrink-0 text-good-mark" />
          <span className="min-w-0 text-good">
            <span className="break-all font-mono">{name}</span> is free.
          </span>
        </>
      )
    case "taken":
      return (
        <>
          <CircleX aria-hidden className="size-4 shrink-0 text-bad-mark" />
          <span className="min-w-0 text-bad">
            {isAboutThisName(check.reason) ? <span className="break-all font-mono">{name}</span> : "A name"} {check.reason}
          </span>
        </>
      )
  }
}
