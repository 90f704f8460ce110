"use client"

import { Check } from "lucide-react"
import { DropdownMenu as Radix } from "radix-ui"
import type { ComponentProps, ReactElement, ReactNode } from "react"
import { cn } from "./cn"
import { portalHome } from "./portal-home"

export function DropdownMenu({
  trigger,
  children,
  align = "end",
  side = "bottom",
  isOpenFirst = false,
  className,
}: {
  trigger: ReactElement
  children: ReactNode
  align?: "start" | "end"
  side?: "top" | "bottom"
  /** Open as soon as it is there: for a menu that was loaded by a click. */
  isOpenFirst?: boolean
  className?: string
}) {
  return (
    <Radix.Root modal={false} defaultOpen={isOpenFirst}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={typeof document === "undefined" ? null : portalHome()}>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 animate-rise overflow-y-auto rounded-lg bg-raised p-1.5 shadow-float",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const itemClasses =
  "flex min-h-9 w-full select-none items-center gap-2.5 rounded-md px-2.5 text-ink text-sm outline-none data-[highlighted]:bg-hover data-[disabled]:text-ink-3 [&>svg:not([class*=text-])]:text-ink-3 [&>svg]:size-4 [&>svg]:shrink-0"

export function MenuItem({ className, isDanger, ...rest }: ComponentProps<typeof Radix.Item> & { isDanger?: boolean }) {
  return <Radix.Item {...rest} className={cn(itemClasses, isDanger && "text-bad [&>svg]:text-bad-mark", className)} />
}

/** One of several, of which one holds. */
export function MenuChoices({
  value,
  onChange,
  label,
  children,
}: {
  value: string
  onChange: (value: string) => void
  label: string
  children: ReactNode
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      {children}
    </Radix.RadioGroup>
  )
}

export function MenuChoice({ value, children, icon }: { value: string; children: ReactNode; icon?: ReactNode }) {
  return (
    <Radix.RadioItem value={value} className={itemClasses}>
      {icon}
      <span className="flex-1">{children}</span>
      <Radix.ItemIndicator>
        <Check aria-hidden className="size-4 text-accent-text" />
      </Radix.ItemIndicator>
    </Radix.RadioItem>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-1.5 pb-1 text-ink-3 text-xs">{children}</Radix.Label>
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1.5 my-1.5 h-px bg-line" />
}
