"use client"

import dynamic from "next/dynamic"
import { useState } from "react"
import type { DialogProps } from "./dialog"

const Loaded = dynamic(() => import("./dialog").then((module) => module.Dialog), { ssr: false })

/** A `Dialog` whose code comes when it first opens. */
export function LazyDialog(props: DialogProps) {
  const [wasOpen, setWasOpen] = useState(props.isOpen)
  if (props.isOpen && !wasOpen) setWasOpen(true)
  return wasOpen || props.isOpen ? <Loaded {...props} /> : null
}
