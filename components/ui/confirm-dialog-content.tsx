"use client"

import { AlertDialog as Radix } from "radix-ui"
import { useState } from "react"
import { Button } from "./button"
import type { ConfirmDialogProps } from "./confirm-dialog"
import { DialogFooter } from "./dialog"
import { Field } from "./field"
import { Input } from "./input"

/** Explains before it is done. Where a name must be typed the button says so until it matches. */
export default function ConfirmDialogContent({ isOpen, onClose, children, title, ...rest }: ConfirmDialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" />
        <Radix.Content className="fixed inset-x-0 bottom-0 z-50 max-h-[90dvh] animate-rise overflow-y-auto rounded-t-xl bg-raised p-5 shadow-float sm:inset-x-auto sm:top-[16vh] sm:bottom-auto sm:left-1/2 sm:w-[min(30rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:rounded-lg sm:p-6">
          <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="mt-2 text-ink-2">{children}</div>
          </Radix.Description>
          <Confirmation {...rest} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Confirmation({
  onConfirm,
  confirm,
  dismiss = "Cancel",
  typed,
  isDanger,
  pending,
}: Omit<ConfirmDialogProps, "isOpen" | "onClose" | "children" | "title">) {
  const [text, setText] = useState("")
  const reason = typed && text !== typed ? `Type ${typed} first.` : null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!reason && !pending) void onConfirm()
      }}
    >
      {typed ? (
        <Field
          label={
            <>
              Type <span className="select-all font-mono">{typed}</span> to go on
            </>
          }
          className="mt-5"
        >
          {(control) => (
            <Input {...control} value={text} onChange={(e) => setText(e.target.value)} autoComplete="off" className="font-mono" />
          )}
        </Field>
      ) : null}
      <DialogFooter>
        <Radix.Cancel asChild>
          <Button>{dismiss}</Button>
        </Radix.Cancel>
        <Button type="submit" variant={isDanger ? "danger" : "primary"} reason={reason} pending={pending ?? false}>
          {confirm}
        </Button>
      </DialogFooter>
    </form>
  )
}
