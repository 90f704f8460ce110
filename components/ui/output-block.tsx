import { cn } from "./cn"

/** A few lines that a program printed, as they were. */
export function OutputBlock({ lines, label, className }: { lines: string[]; label: string; className?: string }) {
  return (
    <section aria-label={label} className={cn("rounded-md border border-line bg-sunken", className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <pre tabIndex={0} className="max-h-80 overflow-auto px-4 py-3 font-mono text-ink text-xs leading-5 [font-variant-ligatures:none]">
        {lines.join("\n")}
      </pre>
    </section>
  )
}
