"use client"

import { type ReactNode, useId } from "react"
import { cn } from "./cn"

/** One of a few, all of them in sight: the browser's own radio buttons, dressed. */
export function Segmented<Value extends string>({
  label,
  value,
  onChange,
  options,
  isDisabled,
  className,
}: {
  label: string
  value: Value
  onChange: (value: Value) => void
  options: { value: Value; label: ReactNode }[]
  isDisabled?: boolean
  className?: string
}) {
  const name = useId()
  return (
    <fieldset disabled={isDisabled} className={cn("group inline-flex gap-0.5 rounded-md border border-line bg-sunken p-0.5", className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="relative grid h-7.5 flex-1 cursor-pointer place-items-center whitespace-nowrap rounded-[0.375rem] px-3 font-medium text-ink-2 text-sm ring-line hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-card has-checked:ring-1 has-focus-visible:outline-2 has-focus-visible:outline-accent-text group-disabled:cursor-not-allowed group-disabled:opacity-60"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none outline-none disabled:cursor-not-allowed"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
