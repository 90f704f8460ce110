import { cva, type VariantProps } from "class-variance-authority"
import type { ComponentProps } from "react"
import { cn } from "./cn"

const badgeClasses = cva(
  "inline-flex h-5.5 items-center gap-1 whitespace-nowrap rounded-full px-2 font-medium text-xs [&_svg]:size-3 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        neutral: "bg-sunken text-ink-2 ring-1 ring-line ring-inset",
        accent: "bg-accent-soft text-accent-text",
        good: "bg-good-soft text-good",
        warn: "bg-warn-soft text-warn",
        bad: "bg-bad-soft text-bad",
        info: "bg-info-soft text-info",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
)

export function Badge({ tone, className, ...rest }: ComponentProps<"span"> & VariantProps<typeof badgeClasses>) {
  return <span {...rest} className={cn(badgeClasses({ tone }), className)} />
}
