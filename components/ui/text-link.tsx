import Link from "next/link"
import type { ComponentProps } from "react"
import { cn } from "./cn"

export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...rest}
      className={cn(
        "rounded-sm font-medium text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current",
        className,
      )}
    />
  )
}
