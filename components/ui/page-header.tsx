import type { ReactNode } from "react"

/** Where one is, in one line, and what can be done here. */
export function PageHeader({
  title,
  description,
  above,
  actions,
}: {
  title: ReactNode
  description?: ReactNode
  above?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="mb-6">
      {above ? <div className="mb-2">{above}</div> : null}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="font-semibold text-ink text-xl">{title}</h1>
          {description ? <div className="mt-1 max-w-prose text-ink-2">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </header>
  )
}
