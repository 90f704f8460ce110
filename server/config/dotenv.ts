import { fieldError } from "@/server/kernel/errors"

/**
 * Reads the text of a `.env` file: `KEY=value`, `export KEY=value`, comments, `'as it is'`, `"with \n \t \" \\ \$"`; quoted values
 * may have several lines. Nothing is expanded. The last of equal keys wins. A pure module: the page previews with it.
 * @throws AppError `invalid` under `text`, naming the line.
 */
export function parseDotenv(text: string): Record<string, string> {
  const source = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n")
  // No prototype: `__proto__` is a key like any other.
  const values: Record<string, string> = Object.create(null)
  let at = 0
  while (at < source.length) {
    const [lineEnd, line] = lineAt(source, at)
    if (line.trim() === "" || line.trimStart().startsWith("#")) {
      at = lineEnd + 1
      continue
    }
    const head = /^[ \t]*(?:export[ \t]+)?([^\s=#'"]+)[ \t]*=[ \t]*/.exec(line)
    if (!head?.[1]) throw broken(source, at, "is not of the form KEY=value.")
    const value = valueAt(source, at + head[0].length)
    values[head[1]] = value.text
    at = value.next
  }
  return { ...values }
}

/** Writes what `parseDotenv` reads back the same. */
export function formatDotenv(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${/^[\w./:@%+,-]*$/.test(value) ? value : quoted(value)}\n`)
    .join("")
}

function quoted(value: string): string {
  const escaped = value.replace(/[\\"$]/g, "\\$&").replace(/\r/g, "\\r")
  return `"${escaped}"`
}

interface Value {
  text: string
  /** Where the next line begins. */
  next: number
}

function valueAt(source: string, at: number): Value {
  const quote = source[at]
  if (quote === "'" || quote === '"') return quotedValueAt(source, at, quote)
  // From one character before: `A= # none` is empty, `A=#fff` is a colour.
  const [lineEnd, rest] = lineAt(source, at - 1)
  const text = rest.replace(/[ \t]#.*$/, "").slice(1)
  return { text: text.trim(), next: lineEnd + 1 }
}

function quotedValueAt(source: string, at: number, quote: "'" | '"'): Value {
  const end = closingQuote(source, at + 1, quote)
  if (end < 0) throw broken(source, at, `opens a ${quote} that is never closed.`)
  const [lineEnd, after] = lineAt(source, end + 1)
  if (!/^[ \t]*(#.*)?$/.test(after)) throw broken(source, end, "goes on after its closing quote.")
  const inside = source.slice(at + 1, end)
  return { text: quote === '"' ? unescaped(inside) : inside, next: lineEnd + 1 }
}

function closingQuote(source: string, from: number, quote: "'" | '"'): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\" && quote === '"') at++
    else if (source[at] === quote) return at
  }
  return -1
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" }

/** Backslashes before anything else stay: Windows paths and regular expressions are common values. */
function unescaped(text: string): string {
  return text.replace(/\\([nrt"\\$])/g, (_whole, char: string) => ESCAPES[char] ?? char)
}

function lineAt(source: string, at: number): [end: number, line: string] {
  const newline = source.indexOf("\n", at)
  const end = newline < 0 ? source.length : newline
  return [end, source.slice(at, end)]
}

function broken(source: string, at: number, what: string) {
  return fieldError("text", `Line ${source.slice(0, at).split("\n").length} ${what}`)
}
