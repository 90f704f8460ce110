import { ChevronRight } from "lucide-react"
import type { Route } from "next"
import Link from "next/link"

export function Breadcrumbs({ trail, here }: { trail: { label: string; href: Route }[]; here: string }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap items-center gap-1 text-ink-3 text-sm">
        {trail.map((step) => (
          <li key={step.href} className="flex items-center gap-1">
            <Link href={step.href} className="rounded-sm hover:text-ink hover:underline">
              {step.label}
            </Link>
            <ChevronRight aria-hidden className="size-3.5" />
          </li>
        ))}
        <li aria-current="page" className="text-ink-2">
          {here}
        </li>
      </ol>
    </nav>
  )
}
