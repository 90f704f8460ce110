"use client"

import { useWindowVirtualizer } from "@tanstack/react-virtual"
import { useLayoutEffect, useRef, useState } from "react"
import type { AppRow } from "@/server/apps/views"
import { AppLine } from "./app-line"

const USUAL_HEIGHT = 84
/** Below this a plain list is faster than a clever one, and the browser's own search finds everything. */
const VIRTUAL_FROM = 60

export function AppList({ apps, email }: { apps: AppRow[]; email: string }) {
  if (apps.length >= VIRTUAL_FROM) return <VirtualList apps={apps} email={email} />
  return (
    <ul aria-label="Apps" className="divide-y divide-line">
      {apps.map((app) => (
        <li key={app.name}>
          <AppLine app={app} email={email} />
        </li>
      ))}
    </ul>
  )
}

/** Only the lines in sight are drawn; each says its place among all. */
function VirtualList({ apps, email }: { apps: AppRow[]; email: string }) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const lines = useWindowVirtualizer({
    count: apps.length,
    estimateSize: () => USUAL_HEIGHT,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (i) => apps[i]?.name ?? i,
    // What the server draws, before anybody's window is known.
    initialRect: { width: 1280, height: 900 },
  })
  return (
    <ul ref={list} aria-label="Apps" className="relative" style={{ height: lines.getTotalSize() }}>
      {lines.getVirtualItems().map((line) => {
        const app = apps[line.index]
        return app ? (
          <li
            key={line.key}
            ref={lines.measureElement}
            data-index={line.index}
            aria-setsize={apps.length}
            aria-posinset={line.index + 1}
            className="absolute inset-x-0 top-0 border-line border-b"
            style={{ transform: `translateY(${line.start - top}px)` }}
          >
            <AppLine app={app} email={email} />
          </li>
        ) : null
      })}
    </ul>
  )
}
