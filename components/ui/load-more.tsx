"use client"

import { Button } from "./button"

export function LoadMore({ shown, total, onMore, pending }: { shown: number; total?: number; onMore: () => void; pending?: boolean }) {
  const isAll = total !== undefined && shown >= total
  if (isAll) return null
  return (
    <div className="flex items-center justify-center gap-3 px-5 py-4">
      <Button size="sm" onClick={onMore} pending={pending ?? false}>
        Show more
      </Button>
      <span className="text-ink-3 text-sm">
        {shown}
        {total === undefined ? "" : ` of ${total}`} shown
      </span>
    </div>
  )
}
