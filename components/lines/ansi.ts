import Anser from "anser"
import { cn } from "@/components/ui/cn"

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

// biome-ignore lint/suspicious/noControlCharactersInRegex: what moves a terminal's cursor begins with the escape character.
const NOT_COLOUR = /\u001b\[[0-9;?]*[A-Za-ln-z]|\u001b\][^\u0007]*(?:\u0007|\u001b\\)|[\r\u0007]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const COLOUR = /\u001b\[[0-9;]*m/g

/** A line in pieces of one look each. Backgrounds are left out: no pair of colours would be safe to read. Pure. */
export function piecesOf(text: string): Piece[] {
  const clean = text.replace(NOT_COLOUR, "")
  if (!clean.includes("\u001b")) return [{ text: clean, className: "" }]
  return Anser.ansiToJson(clean, { use_classes: true, remove_empty: true, json: true }).map(({ content, fg, decorations: marks }) => ({
    text: content,
    className: cn(colours[fg ?? ""], ...(marks ?? []).map((mark) => decorations[mark])),
  }))
}

/** Without colours: for searching and for files. Pure. */
export function plainText(text: string): string {
  return text.includes("\u001b") || text.includes("\r") ? text.replace(COLOUR, "").replace(NOT_COLOUR, "") : text
}
