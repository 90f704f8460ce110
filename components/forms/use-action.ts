"use client"

import { useTransition } from "react"
import { toast } from "@/components/ui/toast"
import type { ActionResult } from "@/server/next/action"

/**
 * An action behind a button. What was refused comes up as a message, since a button has no place for it.
 * @returns how to start it, and whether it runs.
 */
export function useAction<Input, T>(
  action: (input: Input) => Promise<ActionResult<T>>,
  onDone: (data: T, input: Input) => void | Promise<void>,
): [run: (input: Input) => void, pending: boolean] {
  const [pending, start] = useTransition()
  const run = (input: Input) =>
    start(async () => {
      const result = await action(input).catch(() => null)
      if (result?.ok) return onDone(result.data, input)
      toast.error(result?.error.message ?? "Phial cannot be reached. Nothing was changed: try again.")
    })
  return [run, pending]
}
