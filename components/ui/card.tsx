import type { ComponentProps, ReactNode } from "react"
import { cn } from "./cn"

export function Card({ className, ...rest }: ComponentProps<"section">) {
  return <section {...rest} className={cn("min-w-0 rounded-lg border border-line bg-surface shadow-card", className)} />
}

/** The first line of a card: what it is, one sentence, and what can be done at the right. */
export function CardHeader({ title, description, actions }: { title: ReactNode; description?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 pt-4 pb-3">
      <div className="min-w-0">
        <h2 className="font-semibold text-ink text-md tracking-tight">{title}</h2>
        {description ? <p className="mt-0.5 max-w-prose text-ink-3 text-sm">{description}</p> : null}
      </div>
      {actions ? <div className="flex items-center gap-2">{actions}</div> : null}
    </header>
  )
}

export function CardBody({ className, ...rest }: ComponentProps<"div">) {
  return <div {...rest} className={cn("px-5 pb-5", className)} />
}

/** The last line: what saving does, and the button that does it. */
export function CardFooter({ className, ...rest }: ComponentProps<"footer">) {
  return (
    <footer
      {...rest}
      className={cn(
        "flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-line border-t bg-canvas px-5 py-3 text-ink-3 text-sm",
        className,
      )}
    />
  )
}
