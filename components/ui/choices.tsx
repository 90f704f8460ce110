"use client"

import { type ReactNode, useId } from "react"
import { cn } from "./cn"

/** One of a few, each with what it means: the browser's own radio buttons. */
export function Choices<Value extends string>({
  label,
  value,
  onChange,
  options,
  isDisabled,
}: {
  label: string
  value: Value
  onChange: (value: Value) => void
  options: { value: Value; label: ReactNode; hint: ReactNode }[]
  isDisabled?: boolean
}) {
  const name = useId()
  return (
    <fieldset className="min-w-0" disabled={isDisabled}>
      <legend className="mb-1.5 font-medium text-ink text-sm">{label}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {options.map((option) => (
          <label
            key={option.value}
            className={cn(
              "relative flex cursor-pointer items-start gap-2.5 rounded-md border border-line-strong bg-surface px-3.5 py-3 shadow-card transition-colors has-checked:border-accent-text has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent-text",
              isDisabled ? "cursor-not-allowed opacity-70" : "hover:border-ink-3",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="mt-1 size-4 shrink-0 accent-accent outline-none"
            />
            <span className="min-w-0">
              <span className="block font-medium text-ink">{option.label}</span>
              <span className="mt-0.5 block text-ink-2 text-sm">{option.hint}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
