"use client"

import { X } from "lucide-react"
import { Dialog as Radix } from "radix-ui"
import { cn } from "./cn"
import type { DialogProps } from "./dialog"
import { IconButton } from "./icon-button"

/** Asks for one thing. Escape and the veil close it; on a phone it rises from the bottom. */
export default function DialogContent({ isOpen, onClose, title, description, children, className }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" />
        <Radix.Content
          onOpenAutoFocus={focusFirstField}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cn(
            "fixed inset-x-0 bottom-0 z-50 max-h-[90dvh] animate-rise overflow-y-auto rounded-t-xl bg-raised p-5 shadow-float sm:inset-x-auto sm:top-[12vh] sm:bottom-auto sm:left-1/2 sm:max-h-[76vh] sm:w-[min(32rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:rounded-lg sm:p-6",
            className,
          )}
        >
          <div className="mb-4 pr-9">
            <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
            {description ? <Radix.Description className="mt-1 text-ink-2">{description}</Radix.Description> : null}
          </div>
          {children}
          <Radix.Close asChild>
            <IconButton size="sm" label="Close" icon={<X />} className="absolute top-4 right-4" />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** What is asked for first is typed first: not the button that copies, nor the one that closes. */
function focusFirstField(event: Event) {
  const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")
  if (!field) return
  event.preventDefault()
  field.focus()
}
