import { cn } from "@/components/ui/cn"

/** The mark: a phial, two thirds full of elixir. */
function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={cn("size-6 shrink-0", className)}>
      <path d="M5.6 14.6c1.9-1.3 3.9-1.3 6.1-.2 2.3 1.1 4.5 1.2 6.7.1a6.4 6.4 0 1 1-12.8.1Z" fill="var(--accent)" />
      <circle cx="10.1" cy="17.4" r="1.05" fill="var(--on-accent)" opacity=".9" />
      <circle cx="13.5" cy="18.7" r=".7" fill="var(--on-accent)" opacity=".7" />
      <path
        d="M9.2 2.5h5.6M10 2.5v5.9a6.9 6.9 0 1 0 4 0V2.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

export function Wordmark({ className }: { className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2 font-semibold text-ink text-md tracking-tight", className)}>
      <Mark />
      Phial
    </span>
  )
}
