"use client"

import { useTheme } from "next-themes"
import { Toaster } from "sonner"

export default function ToastMessages() {
  const { resolvedTheme } = useTheme()
  return (
    <Toaster
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      closeButton
      toastOptions={{
        classNames: {
          toast: "!rounded-lg !border-0 !bg-raised !text-ink !shadow-float !font-sans !text-base",
          description: "!text-ink-2",
          closeButton: "!bg-raised !text-ink-2 !border-line",
        },
      }}
    />
  )
}
