"use client"

import { useVirtualizer } from "@tanstack/react-virtual"
import { ArrowDownToLine } from "lucide-react"
import { type ReactNode, type UIEvent, useEffect, useLayoutEffect, useRef } from "react"
import { Button } from "@/components/ui/button"
import { cn } from "@/components/ui/cn"

/** Of a line that does not wrap: `leading-6`. Each begins with a link to itself, and what is pressed is 24 px high (WCAG 2.5.8). */
export const ROW_HEIGHT = 24
const NEAR_END_PX = 24

/** What the list should show: counts up, so that the same line can be asked for twice. */
export interface Jump {
  index: number
  turn: number
}

/**
 * Very many lines: only those in sight are drawn. Sticks to the end while `isFollowing`; scrolling up lets go, reaching the end
 * takes hold again.
 */
export function LineList({
  label,
  count,
  rowKey,
  row,
  heightOf,
  isFollowing,
  onFollow,
  jump,
  empty,
  className,
}: {
  label: string
  count: number
  rowKey: (index: number) => string | number
  row: (index: number) => ReactNode
  /** In pixels, where it is known: else each row is measured, which costs while scrolling. */
  heightOf?: (index: number) => number
  isFollowing: boolean
  onFollow: (isFollowing: boolean) => void
  jump: Jump | null
  empty?: ReactNode
  className?: string
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const lastTop = useRef(0)
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf ?? (() => ROW_HEIGHT),
    getItemKey: rowKey,
    overscan: 20,
    initialRect: { width: 1000, height: 600 },
  })
  const height = rows.getTotalSize()

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height says when there is a new end to go to.
  useLayoutEffect(() => {
    const at = scroller.current
    if (isFollowing && at) at.scrollTop = at.scrollHeight
  }, [isFollowing, height])

  useEffect(() => {
    if (jump) rows.scrollToIndex(jump.index, { align: "center" })
  }, [jump, rows])

  const onScroll = ({ currentTarget: at }: UIEvent<HTMLDivElement>) => {
    const isAtEnd = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END_PX
    if (isAtEnd !== isFollowing && (isAtEnd || at.scrollTop < lastTop.current)) onFollow(isAtEnd)
    lastTop.current = at.scrollTop
  }

  return (
    <div className="relative">
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <section
        ref={scroller}
        tabIndex={0}
        aria-label={label}
        onScroll={onScroll}
        className={cn(
          "overflow-auto bg-sunken py-2 font-mono text-ink text-xs leading-6 [font-variant-ligatures:none] [overflow-anchor:none]",
          className,
        )}
      >
        {count === 0 ? empty : null}
        <div className="relative min-w-full" style={{ height }}>
          {rows.getVirtualItems().map((item) => (
            <div
              key={item.key}
              {...(heightOf ? {} : { ref: rows.measureElement })}
              data-index={item.index}
              className="absolute top-0 left-0 min-w-full"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row(item.index)}
            </div>
          ))}
        </div>
      </section>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above. */}
      {isFollowing || count === 0 ? null : (
        <Button
          size="sm"
          className="absolute right-4 bottom-4 shadow-float"
          icon={<ArrowDownToLine aria-hidden />}
          onClick={() => onFollow(true)}
        >
          To the end
        </Button>
      )}
    </div>
  )
}
