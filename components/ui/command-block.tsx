import { cn } from "./cn"
import { CopyButton } from "./copy-button"

/**
 * Commands to paste into a terminal, a line each, with one button that copies them.
 * @param props.shown what to show in place of the commands, where they hold a secret.
 */
export function CommandBlock({
  commands,
  shown,
  label,
  className,
}: {
  commands: string[]
  shown?: string[]
  label: string
  className?: string
}) {
  return (
    <section
      aria-label={label}
      className={cn("flex min-w-0 items-start gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-4", className)}
    >
      <pre className="grid min-w-0 flex-1 gap-0.5 whitespace-pre-wrap py-2 font-mono text-sm leading-6">
        {(shown ?? commands).map((line) => (
          <code key={line} className="flex min-w-0 gap-2.5 text-ink">
            <span aria-hidden className="select-none text-ink-3">
              $
            </span>
            <span className="min-w-0 wrap-anywhere">{line}</span>
          </code>
        ))}
      </pre>
      <CopyButton text={commands.join("\n")} label={commands.length > 1 ? "Copy the commands" : "Copy the command"} className="mt-1" />
    </section>
  )
}
