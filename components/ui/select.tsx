import { ChevronDown } from "lucide-react"
import type { ComponentProps } from "react"
import { cn } from "./cn"
import { fieldClasses } from "./input"

/** The browser's own list: the best there is on a phone and with a screen reader. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <div className={cn("relative", className)}>
      <select {...rest} className={cn(fieldClasses, "h-9 appearance-none pr-9")}>
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2.5 right-3 size-4 text-ink-3" />
    </div>
  )
}
