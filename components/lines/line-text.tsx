import { memo } from "react"
import { piecesOf } from "./ansi"

/** One line with its colours, and with what is looked for marked. */
export const LineText = memo(function LineText({ text, query = "" }: { text: string; query?: string }) {
  let at = 0
  return piecesOf(text).map((piece) => {
    const start = at
    at += piece.text.length
    return (
      <span key={start} className={piece.className}>
        {query ? marked(piece.text, query) : piece.text}
      </span>
    )
  })
})

function marked(text: string, query: string) {
  const parts = []
  const lower = text.toLowerCase()
  let at = 0
  for (let hit = lower.indexOf(query); hit >= 0; hit = lower.indexOf(query, at)) {
    parts.push(
      text.slice(at, hit),
      <mark key={hit} className="rounded-[2px] bg-accent-soft text-accent-text ring-1 ring-accent-line">
        {text.slice(hit, hit + query.length)}
      </mark>,
    )
    at = hit + query.length
  }
  return [...parts, text.slice(at)]
}
