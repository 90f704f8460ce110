"use client"

import { Tooltip as Radix } from "radix-ui"
import type { ReactElement, ReactNode } from "react"
import { cn } from "./cn"

export const TooltipProvider = Radix.Provider

/** A word or two on hover and focus. Never the only place where something needed is said. */
export function Tooltip({
  content,
  children,
  side = "top",
}: {
  content: ReactNode
  children: ReactElement
  side?: "top" | "bottom" | "left" | "right"
}) {
  return (
    <Radix.Root delayDuration={250}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn("z-50 max-w-72 animate-fade rounded-md bg-raised px-2.5 py-1.5 text-xs text-ink-2 shadow-float")}
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
