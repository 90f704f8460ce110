"use client"

import { Eye, EyeOff, Pencil, Trash2, Undo2 } from "lucide-react"
import { useState } from "react"
import { revealConfig } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { Badge } from "@/components/ui/badge"
import { cn } from "@/components/ui/cn"
import { CopyButton } from "@/components/ui/copy-button"
import { IconButton } from "@/components/ui/icon-button"
import { RelativeTime } from "@/components/ui/relative-time"
import type { ConfigView } from "@/server/config/views"

const MASK = "••••••••"

/** A key: its value behind a mask, who set it when, and what is about to become of it. */
export function ConfigKeyLine({
  app,
  name,
  entry,
  staged,
  mayChange,
  mayReveal,
  onEdit,
  onStage,
}: {
  app: string
  name: string
  /** `null` for one that is not applied yet. */
  entry: ConfigView["keys"][number] | null
  /** `undefined` when nothing is about to change. */
  staged: string | null | undefined
  mayChange: string | null
  mayReveal: string | null
  onEdit: () => void
  /** `undefined` takes the change back. */
  onStage: (value: string | null | undefined) => void
}) {
  // Shown until it is set anew: the next value is another secret.
  const [shown, setShown] = useState<{ value: string; of: string } | null>(null)
  const [reveal, pending] = useAction(revealConfig, ({ value }) => setShown({ value, of: entry?.setAt ?? "" }))
  const value = shown && shown.of === entry?.setAt ? shown.value : null
  const isGoing = staged === null
  return (
    <li className={cn("flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3", staged !== undefined && "bg-accent-soft")}>
      <div className="min-w-0 flex-1 basis-full sm:basis-64">
        <p className="flex min-w-0 flex-wrap items-center gap-2">
          <code className={cn("min-w-0 break-all font-medium font-mono text-sm", isGoing && "line-through")}>{name}</code>
          {staged === undefined ? null : <Badge tone="accent">{isGoing ? "to be removed" : entry ? "to be changed" : "to be added"}</Badge>}
          {entry?.isUndecryptable ? <Badge tone="bad">cannot be decrypted: set it again</Badge> : null}
        </p>
        {entry ? (
          <p className="mt-0.5 text-ink-3 text-sm">
            Set <RelativeTime at={entry.setAt} />
            {entry.setBy ? ` by ${entry.setBy}` : ""}
          </p>
        ) : null}
      </div>
      <div className="flex min-w-0 flex-1 basis-32 items-center gap-1 sm:flex-none sm:basis-72">
        {value === null ? (
          <span className="font-mono text-ink-3 text-sm" role="img" aria-label="A hidden value">
            {MASK}
          </span>
        ) : (
          <>
            <code className="max-h-24 min-w-0 overflow-auto whitespace-pre-wrap break-all font-mono text-sm">{value || "(empty)"}</code>
            <CopyButton text={value} label={`Copy the value of ${name}`} />
          </>
        )}
      </div>
      <div className="flex items-center gap-0.5">
        {entry ? (
          <IconButton
            size="sm"
            label={value === null ? `Show the value of ${name}` : `Hide the value of ${name}`}
            icon={value === null ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
            pending={pending}
            reason={mayReveal ?? (entry.isUndecryptable ? "It was encrypted with a key that this platform no longer has." : null)}
            onClick={() => (value === null ? reveal({ app, key: name }) : setShown(null))}
          />
        ) : null}
        <IconButton size="sm" label={`Edit ${name}`} icon={<Pencil aria-hidden />} reason={mayChange} onClick={onEdit} />
        {staged === undefined ? (
          <IconButton size="sm" label={`Remove ${name}`} icon={<Trash2 aria-hidden />} reason={mayChange} onClick={() => onStage(null)} />
        ) : (
          <IconButton size="sm" label={`Take back the change of ${name}`} icon={<Undo2 aria-hidden />} onClick={() => onStage(undefined)} />
        )}
      </div>
    </li>
  )
}
