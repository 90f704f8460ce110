"use client"

import { Button, type ButtonProps } from "./button"
import { cn } from "./cn"
import { Tooltip } from "./tooltip"

/** A button of one icon; its label is read aloud and shown on hover. */
export function IconButton({ label, className, size = "md", ...rest }: Omit<ButtonProps, "children"> & { label: string }) {
  const button = (
    <Button variant="ghost" size={size} aria-label={label} {...rest} className={cn(size === "sm" ? "w-8 px-0" : "w-9 px-0", className)} />
  )
  return rest.reason ? button : <Tooltip content={label}>{button}</Tooltip>
}
