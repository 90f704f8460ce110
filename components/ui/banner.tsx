import type { ReactNode } from "react"
import { cn } from "./cn"
import { StatusIcon } from "./status"
import type { Tone } from "./tone"

const looks: Record<Tone, string> = {
  good: "bg-good-soft",
  warn: "bg-warn-soft",
  bad: "bg-bad-soft",
  info: "bg-info-soft",
  neutral: "border border-line bg-sunken",
}

/** Something the reader should know before going on. `role="alert"` where it came up by itself. */
export function Banner({
  tone,
  title,
  children,
  action,
  role,
  className,
}: {
  tone: Tone
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  role?: "alert" | "status"
  className?: string
}) {
  return (
    <div role={role} className={cn("flex flex-wrap items-start gap-x-4 gap-y-3 rounded-lg px-4 py-3", looks[tone], className)}>
      <div className="flex min-w-60 flex-1 gap-2.5">
        <StatusIcon tone={tone} className="mt-0.75" />
        <div className="min-w-0 flex-1">
          {title ? <p className="font-medium text-ink">{title}</p> : null}
          {children ? <div className="text-ink-2">{children}</div> : null}
        </div>
      </div>
      {action ? <div className="flex gap-2">{action}</div> : null}
    </div>
  )
}
