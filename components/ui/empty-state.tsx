import type { LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn"

/** What this place is for, and the one thing that fills it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  className,
}: {
  icon?: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cn("flex flex-col items-center px-6 py-14 text-center", className)}>
      {Icon ? (
        <span className="mb-4 grid size-12 place-items-center rounded-lg bg-accent-soft text-accent-text">
          <Icon aria-hidden className="size-6" strokeWidth={1.75} />
        </span>
      ) : null}
      <h2 className="font-semibold text-lg">{title}</h2>
      {children ? <div className="mt-1.5 max-w-md text-ink-2">{children}</div> : null}
      {action ? <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  )
}
