"use client"

import type { ReactNode } from "react"
import { useLoaded } from "./loaded"

const load = () => import("./dialog-content")

export interface DialogProps {
  isOpen: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  className?: string
}

/** Asks for one thing. Escape and the veil close it; on a phone it rises from the bottom. Its code comes when it first opens. */
export function Dialog(props: DialogProps) {
  const Content = useLoaded(load, props.isOpen)
  return Content ? <Content {...props} /> : null
}

/** The buttons at the end of a dialog: what it does at the right, the way out before it. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{children}</div>
}
