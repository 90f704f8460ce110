"use client"

import { Check, Unplug } from "lucide-react"
import type { ReactNode } from "react"
import { type LiveState, useLiveState } from "@/components/live/live"
import { cn } from "@/components/ui/cn"

const looks: Record<LiveState, { words: string; mark: ReactNode; tone: string }> = {
  live: { words: "Live", mark: <span className="mx-0.75 block size-2 rounded-full bg-good-mark" />, tone: "text-ink-3" },
  reconnecting: { words: "Reconnecting…", mark: <Unplug className="size-3.5 animate-breathe" />, tone: "text-warn" },
  caught_up: { words: "Was away, caught up", mark: <Check className="size-3.5" />, tone: "text-good" },
}

/** Whether what one sees is true now. @param props.isQuiet says nothing while all is well. */
export function LiveIndicator({ isQuiet, className }: { isQuiet?: boolean; className?: string }) {
  const state = useLiveState()
  const { words, mark, tone } = looks[state]
  return (
    <p role="status" className={cn("flex items-center gap-1.5 text-xs", tone, className)}>
      {isQuiet && state === "live" ? null : (
        <>
          <span aria-hidden>{mark}</span>
          {words}
        </>
      )}
    </p>
  )
}
