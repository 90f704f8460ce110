"use client"

import { useState } from "react"
import { revealConfig } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { Input, Textarea } from "@/components/ui/input"
import { LazyDialog } from "@/components/ui/lazy-dialog"
import { whyNotKey, whyNotValue } from "@/server/config/keys"

/** Asks for a key and its value, or for a new value of a key. It changes nothing yet: it goes into the change set. */
export function KeyDialog({
  app,
  isOpen,
  edited,
  isStored,
  stagedValue,
  onStage,
  onClose,
}: {
  app: string
  isOpen: boolean
  /** The key; `null` when one is added. */
  edited: string | null
  /** Whether there is a value to begin from. */
  isStored: boolean
  stagedValue: string | null
  onStage: (key: string, value: string) => void
  onClose: () => void
}) {
  return (
    <LazyDialog
      isOpen={isOpen}
      onClose={onClose}
      title={edited ? `Change ${edited}` : "Add a key"}
      description="It is applied with the other changes, when you say so."
    >
      <KeyForm
        key={edited ?? ""}
        app={app}
        edited={edited}
        isStored={isStored}
        stagedValue={stagedValue}
        onStage={onStage}
        onClose={onClose}
      />
    </LazyDialog>
  )
}

function KeyForm({
  app,
  edited,
  isStored,
  stagedValue,
  onStage,
  onClose,
}: {
  app: string
  edited: string | null
  isStored: boolean
  stagedValue: string | null
  onStage: (key: string, value: string) => void
  onClose: () => void
}) {
  const [key, setKey] = useState(edited ?? "")
  const [value, setValue] = useState(stagedValue ?? "")
  const [wasTried, setTried] = useState(false)
  const [begin, isBeginning] = useAction(revealConfig, (answer) => setValue(answer.value))
  const keyError = edited ? null : key ? whyNotKey(key) : "A key is needed."
  const valueError = whyNotValue(value)
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (keyError || valueError) return
        onStage(key, value)
        onClose()
      }}
    >
      {edited ? null : (
        <Field label="Key" error={(wasTried || key !== "") && keyError ? keyError : undefined}>
          {(control) => (
            <Input
              {...control}
              value={key}
              onChange={(event) => setKey(event.target.value.trim())}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="DATABASE_URL"
              className="font-mono"
            />
          )}
        </Field>
      )}
      <Field
        label="Value"
        error={valueError ?? undefined}
        aside={
          isStored ? (
            <button
              type="button"
              className="rounded-sm font-medium text-accent-text underline"
              onClick={() => edited && begin({ app, key: edited })}
            >
              {isBeginning ? "Reading…" : "Begin with the current one"}
            </button>
          ) : null
        }
      >
        {(control) => (
          <Textarea
            {...control}
            rows={4}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary">
          Put it with the changes
        </Button>
      </div>
    </form>
  )
}
