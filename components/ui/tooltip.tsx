"use client"

import { Slot } from "radix-ui"
import {
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react"
import { createPortal } from "react-dom"
import { portalHome } from "./portal-home"

const HOVER_MS = 250
/** Long enough to move the pointer from the thing to its words. */
const LEAVE_MS = 120
const GAP = 6
const EDGE = 8

type Side = "top" | "bottom"

/**
 * A word or two on hover and focus; Escape puts them away. Never the only place where something needed is said.
 * Our own: a positioning library would double what the signed-out pages load.
 */
export function Tooltip({ content, children, side = "top" }: { content: ReactNode; children: ReactElement; side?: Side }) {
  const id = useId()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const after = (ms: number, next: Element | null) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setAnchor(next), ms)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const hide = () => after(0, null)
  return (
    <>
      <Slot.Root
        onPointerEnter={(event: PointerEvent) => event.pointerType === "mouse" && after(HOVER_MS, event.currentTarget)}
        onPointerLeave={() => after(LEAVE_MS, null)}
        onPointerDown={hide}
        onFocus={(event: FocusEvent) => event.target.matches(":focus-visible") && after(0, event.currentTarget)}
        onBlur={hide}
        {...(anchor ? { "aria-describedby": id } : {})}
      >
        {children}
      </Slot.Root>
      {anchor ? (
        <Words id={id} anchor={anchor} side={side} onHold={() => clearTimeout(timer.current)} onGone={hide}>
          {content}
        </Words>
      ) : null}
    </>
  )
}

function Words({
  id,
  anchor,
  side,
  onHold,
  onGone,
  children,
}: {
  id: string
  anchor: Element
  side: Side
  onHold: () => void
  onGone: () => void
  children: ReactNode
}) {
  const words = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (words.current) place(words.current, anchor, side)
  }, [anchor, side])
  const gone = useRef(onGone)
  useEffect(() => {
    gone.current = onGone
  })
  useEffect(() => {
    const leave = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.key === "Escape") gone.current()
    }
    window.addEventListener("keydown", leave)
    window.addEventListener("scroll", leave, { capture: true, passive: true })
    return () => {
      window.removeEventListener("keydown", leave)
      window.removeEventListener("scroll", leave, { capture: true })
    }
  }, [])
  return createPortal(
    <div
      ref={words}
      id={id}
      role="tooltip"
      onPointerEnter={onHold}
      onPointerLeave={onGone}
      className="fixed z-60 w-max max-w-72 animate-fade rounded-md bg-raised px-2.5 py-1.5 text-ink-2 text-xs shadow-float"
    >
      {children}
    </div>,
    portalHome(),
  )
}

/** Above or below the anchor, on the other side where there is no room, never past the edge of the window. */
function place(words: HTMLElement, anchor: Element, side: Side) {
  const at = anchor.getBoundingClientRect()
  const { width, height } = words.getBoundingClientRect()
  const hasRoomAbove = at.top - GAP - height > EDGE
  const hasRoomBelow = at.bottom + GAP + height < window.innerHeight - EDGE
  const isAbove = side === "top" ? hasRoomAbove || !hasRoomBelow : !hasRoomBelow && hasRoomAbove
  const left = at.left + at.width / 2 - width / 2
  words.style.top = `${isAbove ? at.top - GAP - height : at.bottom + GAP}px`
  words.style.left = `${Math.max(EDGE, Math.min(left, document.documentElement.clientWidth - EDGE - width))}px`
}
