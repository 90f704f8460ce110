import { CircleCheck, CircleDashed, CircleX, type LucideIcon, RefreshCw, TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn"
import type { Tone } from "./tone"

const looks: Record<Tone, { icon: LucideIcon; mark: string; text: string }> = {
  good: { icon: CircleCheck, mark: "text-good-mark", text: "text-good" },
  warn: { icon: TriangleAlert, mark: "text-warn-mark", text: "text-warn" },
  bad: { icon: CircleX, mark: "text-bad-mark", text: "text-bad" },
  info: { icon: RefreshCw, mark: "text-info-mark", text: "text-info" },
  neutral: { icon: CircleDashed, mark: "text-ink-3", text: "text-ink-2" },
}

/**
 * A state in its colour, with its icon and its words.
 * @param props.isBusy something goes on: the icon breathes.
 */
export function Status({
  tone,
  children,
  isBusy,
  isPlain,
  className,
}: {
  tone: Tone
  children: ReactNode
  isBusy?: boolean | undefined
  /** The words in the colour of the text around. */
  isPlain?: boolean | undefined
  className?: string
}) {
  return (
    <span
      className={cn("inline-flex min-w-0 items-center gap-1.5 font-medium text-sm", isPlain ? "text-ink" : looks[tone].text, className)}
    >
      <StatusIcon tone={tone} isBusy={isBusy} />
      <span className="min-w-0">{children}</span>
    </span>
  )
}

export function StatusIcon({ tone, isBusy, className }: { tone: Tone; isBusy?: boolean | undefined; className?: string }) {
  const { icon: Icon, mark } = looks[tone]
  return <Icon aria-hidden className={cn("size-4 shrink-0", mark, isBusy && "animate-breathe", className)} />
}
