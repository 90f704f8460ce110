"use client"

import dynamic from "next/dynamic"
import { useState } from "react"
import type { ConfirmDialogProps } from "./confirm-dialog"

const Loaded = dynamic(() => import("./confirm-dialog").then((module) => module.ConfirmDialog), { ssr: false })

/** A `ConfirmDialog` whose code comes when it first opens. */
export function LazyConfirmDialog(props: ConfirmDialogProps) {
  const [wasOpen, setWasOpen] = useState(props.isOpen)
  if (props.isOpen && !wasOpen) setWasOpen(true)
  return wasOpen || props.isOpen ? <Loaded {...props} /> : null
}
