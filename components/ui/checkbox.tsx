"use client"

import { Check } from "lucide-react"
import { Checkbox as Radix } from "radix-ui"
import type { ComponentProps } from "react"
import { cn } from "./cn"

export function Checkbox({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      {...rest}
      className={cn(
        "grid size-5 shrink-0 place-items-center rounded-sm border border-line-field bg-surface transition-colors disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent",
        className,
      )}
    >
      <Radix.Indicator>
        <Check aria-hidden className="size-3.5 text-on-accent" strokeWidth={3} />
      </Radix.Indicator>
    </Radix.Root>
  )
}
