"use client"

import type { ReactNode } from "react"
import { useLoaded } from "./loaded"

const load = () => import("./confirm-dialog-content")

export interface ConfirmDialogProps {
  isOpen: boolean
  onClose: () => void
  onConfirm: () => void | Promise<void>
  title: string
  /** What will happen, and what goes with it. */
  children: ReactNode
  /** The button's words: what it does, never "OK". */
  confirm: string
  /** The words of the way out, where "Cancel" could be either. */
  dismiss?: string
  /** A name that must be typed first. */
  typed?: string
  isDanger?: boolean
  pending?: boolean
}

/** Explains before it is done. Where a name must be typed the button says so until it matches. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const Content = useLoaded(load, props.isOpen)
  return Content ? <Content {...props} /> : null
}
