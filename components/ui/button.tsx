"use client"

import { cva, type VariantProps } from "class-variance-authority"
import { Slot } from "radix-ui"
import { type ComponentProps, type MouseEvent, type ReactNode, useId } from "react"
import { cn } from "./cn"
import { Spinner } from "./spinner"
import { Tooltip } from "./tooltip"

const buttonClasses = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium transition-colors duration-100 [&[disabled]]:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-accent text-on-accent shadow-button hover:bg-accent-hover",
        secondary: "border border-line-strong bg-surface text-ink shadow-card hover:bg-hover",
        ghost: "text-ink-2 hover:bg-hover hover:text-ink",
        danger: "bg-danger text-on-accent shadow-button hover:bg-danger-hover",
        "danger-quiet": "border border-line-strong bg-surface text-bad shadow-card hover:bg-bad-soft",
      },
      size: {
        sm: "h-8 px-2.5 text-sm",
        md: "h-9 px-3.5 text-base",
        lg: "h-11 px-5 text-md",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
)

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonClasses> {
  /** Renders the one child (a link) with the button's looks. */
  asChild?: boolean
  /** It runs: shows so and takes no second click. */
  pending?: boolean
  /** Why it cannot be pressed now. A reason disables it, and is read and shown instead of the click. */
  reason?: string | null | undefined
  icon?: ReactNode
}

export function Button({ variant, size, className, asChild, pending, reason, icon, children, onClick, ...rest }: ButtonProps) {
  const reasonId = useId()
  const classes = cn(buttonClasses({ variant, size }), className)
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    )
  }
  const isBlocked = Boolean(reason) || pending === true
  const button = (
    <button
      type="button"
      {...rest}
      className={classes}
      aria-disabled={isBlocked || undefined}
      aria-busy={pending || undefined}
      aria-describedby={reason ? reasonId : rest["aria-describedby"]}
      onClick={isBlocked ? swallow : onClick}
    >
      {pending ? <Spinner /> : icon}
      {children}
      {reason ? (
        <span id={reasonId} hidden>
          {reason}
        </span>
      ) : null}
    </button>
  )
  return reason ? <Tooltip content={reason}>{button}</Tooltip> : button
}

/** Stays focusable, so that the reason can be read; also keeps a form from being sent. */
function swallow(event: MouseEvent) {
  event.preventDefault()
}
