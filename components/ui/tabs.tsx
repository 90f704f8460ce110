"use client"

import { Tabs as Radix } from "radix-ui"
import type { ComponentProps } from "react"
import { cn } from "./cn"

export const Tabs = Radix.Root

export function TabList({ className, ...rest }: ComponentProps<typeof Radix.List>) {
  return <Radix.List {...rest} className={cn("flex gap-5 overflow-x-auto border-line border-b", className)} />
}

export function Tab({ className, ...rest }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      {...rest}
      className={cn(
        "-mb-px h-10 whitespace-nowrap border-transparent border-b-2 font-medium text-ink-3 text-sm hover:text-ink data-[state=active]:border-accent-text data-[state=active]:text-ink",
        className,
      )}
    />
  )
}

export const TabPanel = Radix.Content
