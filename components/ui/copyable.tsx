import { cn } from "./cn"
import { CopyButton } from "./copy-button"

/** A value in mono with its copy button: an id, a key, a URL. @param props.isWhole wraps what is long instead of cutting it. */
export function Copyable({ text, label, isWhole, className }: { text: string; label: string; isWhole?: boolean; className?: string }) {
  return (
    <span className={cn("inline-flex min-w-0 max-w-full items-center gap-0.5", className)}>
      <code className={cn("min-w-0 font-mono text-ink text-sm", isWhole ? "wrap-anywhere" : "truncate")}>{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}
