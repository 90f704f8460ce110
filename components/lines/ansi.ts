import Anser from "anser"
import { cn } from "@/components/ui/cn"
import { NOT_COLOUR } from "./plain-text"

export interface Piece {
  text: string
  className: string
}

/** Each of the sixteen colours in one that is legible in both themes. */
const colours: Record<string, string> = {
  "ansi-black": "text-ink-3",
  "ansi-red": "text-bad",
  "ansi-green": "text-good",
  "ansi-yellow": "text-warn",
  "ansi-blue": "text-info",
  "ansi-magenta": "text-accent-text",
  "ansi-cyan": "text-info",
  "ansi-white": "text-ink-2",
  "ansi-bright-black": "text-ink-3",
  "ansi-bright-red": "text-bad",
  "ansi-bright-green": "text-good",
  "ansi-bright-yellow": "text-warn",
  "ansi-bright-blue": "text-info",
  "ansi-bright-magenta": "text-accent-text",
  "ansi-bright-cyan": "text-info",
  "ansi-bright-white": "text-ink",
}

const decorations: Record<string, string> = {
  bold: "font-semibold",
  dim: "text-ink-3",
  italic: "italic",
  underline: "underline",
  strikethrough: "line-through",
}

/** A line in pieces of one look each. Backgrounds are left out: no pair of colours would be safe to read. Pure. */
export function piecesOf(text: string): Piece[] {
  const clean = text.replace(NOT_COLOUR, "")
  if (!clean.includes("\u001b")) return [{ text: clean, className: "" }]
  return Anser.ansiToJson(clean, { use_classes: true, remove_empty: true, json: true }).map(({ content, fg, decorations: marks }) => ({
    text: content,
    className: cn(colours[fg ?? ""], ...(marks ?? []).map((mark) => decorations[mark])),
  }))
}
