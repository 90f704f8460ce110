import { cn } from "./cn"

/** A grey shape where something will be. Give it the size of the real thing. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block h-4 animate-breathe rounded-md bg-hover", className)} />
}

/** Wraps a page of skeletons: says once, to those who cannot see them, that it loads. */
export function Loading({ label, children, className }: { label: string; children: React.ReactNode; className?: string }) {
  return (
    <div role="status" aria-label={label} className={className}>
      {children}
    </div>
  )
}
