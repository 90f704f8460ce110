"use client"

import { signOut } from "@/app/(auth)/actions"
import { paths } from "@/components/paths"
import { toast } from "@/components/ui/toast"

/** Ends the session here. A whole page load follows, so that nothing of it stays in the browser's memory. */
export function useSignOut(): () => Promise<void> {
  return async () => {
    const result = await signOut(undefined)
    if (result.ok) window.location.assign(paths.signIn())
    else toast.error(result.error.message)
  }
}
