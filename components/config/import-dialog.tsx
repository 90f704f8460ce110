"use client"

import { useState } from "react"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { Textarea } from "@/components/ui/input"
import { LazyDialog } from "@/components/ui/lazy-dialog"
import { parseDotenv } from "@/server/config/dotenv"
import { whyNotKey, whyNotValue } from "@/server/config/keys"
import { AppError } from "@/server/kernel/errors"

/** Takes a `.env` by paste or file, says what is in it, and puts it into the change set. */
export function ImportDialog({
  isOpen,
  known,
  onClose,
  onStage,
}: {
  isOpen: boolean
  known: ReadonlySet<string>
  onClose: () => void
  onStage: (values: Record<string, string>) => void
}) {
  return (
    <LazyDialog
      isOpen={isOpen}
      onClose={onClose}
      title="Import a .env file"
      description="Keys that it does not name stay as they are. It is applied with the other changes, when you say so."
    >
      <ImportForm known={known} onClose={onClose} onStage={onStage} />
    </LazyDialog>
  )
}

function ImportForm({
  known,
  onClose,
  onStage,
}: {
  known: ReadonlySet<string>
  onClose: () => void
  onStage: (values: Record<string, string>) => void
}) {
  const [text, setText] = useState("")
  const { values, error } = readDotenv(text)
  const keys = Object.keys(values)
  const news = keys.filter((key) => !known.has(key)).length
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (error || keys.length === 0) return
        onStage(values)
        onClose()
      }}
    >
      <Field label="File">
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".env,text/plain"
            className="text-ink-2 text-sm file:mr-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-3 file:font-medium file:text-ink"
            onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
          />
        )}
      </Field>
      <Field label="Or paste it" error={error ?? undefined}>
        {(control) => (
          <Textarea
            {...control}
            rows={8}
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={'DATABASE_URL="ecto://…"\nPOOL_SIZE=10'}
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      <p role="status" className="text-ink-2 text-sm">
        {error || keys.length === 0
          ? ""
          : `${keys.length} ${keys.length === 1 ? "key" : "keys"}: ${news} new, ${keys.length - news} set again.`}
      </p>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" reason={error ?? (keys.length === 0 ? "Paste a file or choose one first." : null)}>
          Put them with the changes
        </Button>
      </div>
    </form>
  )
}

function readDotenv(text: string): { values: Record<string, string>; error: string | null } {
  try {
    const values = parseDotenv(text)
    const reasons = Object.entries(values).map(([key, value]) => whyNotKey(key) ?? whyNotValue(value))
    return { values, error: reasons.find((reason) => reason !== null) ?? null }
  } catch (thrown) {
    if (thrown instanceof AppError) return { values: {}, error: thrown.message }
    throw thrown
  }
}
