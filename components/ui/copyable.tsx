import { cn } from "./cn"
import { CopyButton } from "./copy-button"

/** A value in mono with its copy button: an id, a key, a URL. */
export function Copyable({ text, label, className }: { text: string; label: string; className?: string }) {
  return (
    <span className={cn("inline-flex min-w-0 max-w-full items-center gap-0.5", className)}>
      <code className="min-w-0 truncate font-mono text-ink text-sm">{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}
