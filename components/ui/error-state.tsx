import { CloudAlert } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn"
import { CopyButton } from "./copy-button"

/** What happened, what to do, and the id that the operator finds in the log. */
export function ErrorState({
  title,
  children,
  action,
  requestId,
  className,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
  requestId?: string | undefined
  className?: string
}) {
  return (
    <div role="alert" className={cn("flex flex-col items-center px-6 py-14 text-center", className)}>
      <span className="mb-4 grid size-12 place-items-center rounded-lg bg-bad-soft text-bad">
        <CloudAlert aria-hidden className="size-6" strokeWidth={1.75} />
      </span>
      <h1 className="font-semibold text-lg">{title}</h1>
      <div className="mt-1.5 max-w-md text-ink-2">{children}</div>
      {action ? <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div> : null}
      {requestId ? (
        <p className="mt-6 inline-flex items-center gap-1 text-ink-3 text-sm">
          Request <code className="font-mono text-ink-2">{requestId}</code>
          <CopyButton text={requestId} label="Copy the request id" />
        </p>
      ) : null}
    </div>
  )
}
