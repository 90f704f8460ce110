"use client"

import { Ban, Check, Circle, CircleSlash, CircleX } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn"
import { durationInWords } from "./durations"
import { Duration } from "./relative-time"
import { Spinner } from "./spinner"

export interface Step {
  name: string
  state: "done" | "running" | "waiting" | "failed" | "cancelled" | "skipped"
  /** ISO 8601. */
  startedAt?: string | null
  endedAt?: string | null
  /** The median of the last runs. */
  usualMs?: number | null
  detail?: ReactNode
}

const marks = {
  done: <Check aria-hidden className="size-4 text-good-mark" strokeWidth={2.5} />,
  running: <Spinner className="text-info-mark" />,
  waiting: <Circle aria-hidden className="size-3.5 text-line-strong" />,
  failed: <CircleX aria-hidden className="size-4 text-bad-mark" />,
  cancelled: <CircleSlash aria-hidden className="size-4 text-ink-2" />,
  skipped: <Ban aria-hidden className="size-3.5 text-ink-3" />,
}

const words = { done: "done", running: "running", waiting: "waiting", failed: "failed", cancelled: "cancelled here", skipped: "skipped" }

/** Long work, step by step: which one runs, how long each took, how long it usually takes. */
export function ProgressSteps({ steps, label }: { steps: Step[]; label: string }) {
  return (
    <ol aria-label={label} className="grid">
      {steps.map((step, i) => (
        <li key={step.name} aria-current={step.state === "running" ? "step" : undefined} className="relative flex gap-3 pb-3 last:pb-0">
          {i < steps.length - 1 ? <span aria-hidden className="absolute top-6 bottom-0 left-2.5 w-px -translate-x-1/2 bg-line" /> : null}
          <span className="grid size-5 shrink-0 place-items-center">{marks[step.state]}</span>
          <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-3">
            <span
              className={cn(
                "min-w-0",
                step.state === "running" ? "font-medium text-ink" : step.state === "waiting" ? "text-ink-3" : "text-ink-2",
              )}
            >
              {step.name}
              <span className="sr-only">, {words[step.state]}</span>
            </span>
            <StepTime step={step} />
            {step.detail ? <div className="w-full min-w-0 text-ink-3 text-sm">{step.detail}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}

function StepTime({ step }: { step: Step }) {
  const usual = step.usualMs ? `usually ${durationInWords(step.usualMs)}` : null
  return (
    <span className="text-ink-3 text-sm">
      {step.startedAt ? <Duration from={step.startedAt} to={step.endedAt} className={step.state === "running" ? "text-ink" : ""} /> : null}
      {step.state === "running" && usual ? <> · {usual}</> : null}
      {step.state === "waiting" ? usual : null}
    </span>
  )
}
