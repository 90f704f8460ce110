"use client"

import { useRouter } from "next/navigation"
import { startTransition } from "react"
import { Button } from "@/components/ui/button"
import { ErrorState } from "@/components/ui/error-state"

/** A page that failed. The digest is what the server's log calls the error. */
export function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter()
  const again = () =>
    startTransition(() => {
      router.refresh()
      reset()
    })
  return (
    <ErrorState
      title="This page could not be shown"
      requestId={error.digest}
      action={
        <Button variant="primary" onClick={again}>
          Try again
        </Button>
      }
    >
      Something went wrong on our side; your apps are not touched by it. If it stays, tell whoever runs this Phial the number below.
    </ErrorState>
  )
}
