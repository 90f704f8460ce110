import { Banner } from "@/components/ui/banner"
import { Copyable } from "@/components/ui/copyable"
import type { ActionForm } from "./use-action-form"

/** What went wrong with a form as a whole, above its button. */
export function FormFailure({ failure }: Pick<ActionForm<never>, "failure">) {
  if (!failure) return null
  return (
    <Banner tone="bad" role="alert">
      <p className="text-ink">{failure.message}</p>
      {failure.requestId ? (
        <p className="mt-1 flex items-center gap-1 text-sm">
          Request <Copyable text={failure.requestId} label="Copy the request id" />
        </p>
      ) : null}
    </Banner>
  )
}
