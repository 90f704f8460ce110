import type { ComponentProps } from "react"
import { cn } from "./cn"

export function Code({ className, ...rest }: ComponentProps<"code">) {
  return (
    <code
      {...rest}
      className={cn("rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-[0.92em] text-ink ring-1 ring-line ring-inset", className)}
    />
  )
}

export function Kbd({ className, ...rest }: ComponentProps<"kbd">) {
  return (
    <kbd
      {...rest}
      className={cn(
        "inline-grid h-5 min-w-5 place-items-center rounded-sm border border-line bg-sunken px-1 font-sans text-ink-3 text-xs",
        className,
      )}
    />
  )
}
