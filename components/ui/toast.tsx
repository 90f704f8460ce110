"use client"

import { useTheme } from "next-themes"
import { Toaster as Sonner, toast } from "sonner"

export { toast }

/** Says that something was done, where the page itself does not show it. Errors belong beside what failed. */
export function Toaster() {
  const { resolvedTheme } = useTheme()
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      toastOptions={{
        classNames: {
          toast: "!rounded-lg !border-0 !bg-raised !text-ink !shadow-float !font-sans !text-base",
          description: "!text-ink-2",
          actionButton: "!bg-accent !text-on-accent",
          closeButton: "!bg-raised !text-ink-2",
        },
      }}
    />
  )
}
