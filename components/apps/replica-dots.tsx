import { cn } from "@/components/ui/cn"

/** More than these do not fit and say less than the number beside them. */
const SHOWN = 8

/** Running and wished replicas: a dot each, and the numbers. */
export function ReplicaDots({ running, wanted }: { running: number; wanted: number }) {
  const dots = Math.min(SHOWN, Math.max(running, wanted))
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink-2 tabular-nums">
      <span aria-hidden className="inline-flex gap-0.75">
        {Array.from({ length: dots }, (_, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the dots are alike and have nothing but their place.
            key={i}
            className={cn("size-2 rounded-full", i < running ? "bg-good-mark" : "border border-line-field")}
          />
        ))}
      </span>
      {running} / {wanted}
      <span className="sr-only">replicas running</span>
    </span>
  )
}
