"use client"

import { signOut } from "@/app/(auth)/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"

/** Ends the session here. A whole page load follows, so that nothing of it stays in the browser's memory. */
export function useSignOut(): () => void {
  const [run] = useAction(signOut, () => window.location.assign(paths.signIn()))
  return () => run(undefined)
}
