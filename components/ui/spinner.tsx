import { LoaderCircle } from "lucide-react"
import { cn } from "./cn"

/** Only beside words that say what goes on. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden className={cn("size-4 shrink-0 animate-turn", className)} />
}
