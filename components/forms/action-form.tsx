"use client"

import type { ReactNode } from "react"
import type { FieldValues } from "react-hook-form"
import { cn } from "@/components/ui/cn"
import { useHydrated } from "@/components/ui/hydrated"
import type { ActionForm } from "./use-action-form"

/** The form element itself. It takes input once the page is alive: what was typed before would be lost. */
export function ActionFormElement<Values extends FieldValues>({
  of,
  className,
  children,
}: {
  of: Pick<ActionForm<Values>, "submit">
  className?: string
  children: ReactNode
}) {
  const isAlive = useHydrated()
  return (
    <form method="post" noValidate onSubmit={of.submit}>
      <fieldset disabled={!isAlive} className={cn("min-w-0", className ?? "grid gap-5")}>
        {children}
      </fieldset>
    </form>
  )
}
