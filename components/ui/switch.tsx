"use client"

import { Switch as Radix } from "radix-ui"
import type { ComponentProps } from "react"
import { cn } from "./cn"

/** For what takes effect at once. */
export function Switch({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      {...rest}
      className={cn(
        "inline-flex h-6 w-10 shrink-0 items-center rounded-full border border-line-field bg-sunken p-0.5 transition-colors disabled:cursor-not-allowed disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent",
        className,
      )}
    >
      <Radix.Thumb className="block size-4.5 rounded-full bg-ink-3 transition-transform duration-150 data-[state=checked]:translate-x-4 data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  )
}
