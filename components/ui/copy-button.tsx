"use client"

import { Check, Copy } from "lucide-react"
import { useEffect, useState } from "react"
import { IconButton } from "./icon-button"

const SHOWN_MS = 1600

/** Copies in one click and says that it did. */
export function CopyButton({ text, label = "Copy", className }: { text: string; label?: string; className?: string }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <>
      <IconButton
        size="sm"
        label={label}
        icon={isCopied ? <Check className="text-good-mark" /> : <Copy />}
        {...(className ? { className } : {})}
        onClick={() => void copy(text).then(setCopied)}
      />
      <span role="status" className="sr-only">
        {isCopied ? "Copied" : ""}
      </span>
    </>
  )
}

/** Also works where the dashboard is reached over plain HTTP, which has no clipboard API. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const holder = document.createElement("textarea")
  holder.value = text
  holder.style.position = "fixed"
  holder.style.opacity = "0"
  const before = document.activeElement
  document.body.append(holder)
  holder.select()
  const isDone = document.execCommand("copy")
  holder.remove()
  if (before instanceof HTMLElement) before.focus()
  return isDone
}
