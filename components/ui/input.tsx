import type { ComponentProps } from "react"
import { cn } from "./cn"

export const fieldClasses =
  "w-full rounded-md border border-line-field bg-surface px-3 text-md text-ink shadow-card transition-colors placeholder:text-ink-3 hover:border-ink-3 focus-visible:border-accent-text focus-visible:outline-offset-0 [&[disabled]]:cursor-not-allowed [&[disabled]]:bg-sunken [&[disabled]]:text-ink-3 aria-invalid:border-bad-mark sm:text-base"

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={cn(fieldClasses, "h-9", className)} />
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={4} {...rest} className={cn(fieldClasses, "py-2 leading-6", className)} />
}
