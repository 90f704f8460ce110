import type { PartialLine } from "@/db/schema"

export type Stream = "stdout" | "stderr"

/** One line that a replica printed. */
export interface PrintedLine {
  /** With nine digits of a second, as PostgreSQL reads times. */
  at: string
  stream: Stream
  text: string
}

export type Partials = { stdout?: PartialLine; stderr?: PartialLine }

/** A line longer than this is cut, and says so. */
export const LONGEST_LINE_BYTES = 65_536

const NEWLINE = 0x0a
/** `TIME stdout|stderr F|P text`: conmon cuts long lines into parts (P) that the next record goes on with. */
const HEADER = /^(\S+) (stdout|stderr) ([FP])(?: |$)/
const LONGEST_HEADER = 64

/**
 * Reads what conmon wrote. Pure.
 * @param bytes from where the last call stopped.
 * @param before the lines begun then.
 * @returns whole lines, how many bytes they and the begun ones took, and the lines begun.
 */
export function readPrinted(bytes: Buffer, before: Partials): { lines: PrintedLine[]; taken: number; partials: Partials } {
  const lines: PrintedLine[] = []
  const partials: Partials = { ...before }
  let taken = 0
  for (;;) {
    const end = bytes.indexOf(NEWLINE, taken)
    if (end < 0) return { lines, taken, partials }
    const line = takeRecord(bytes.subarray(taken, end), partials)
    if (line) lines.push(line)
    taken = end + 1
  }
}

/** The lines begun, as they are: for a replica that ended in the middle of one. Pure. */
export function unfinished(partials: Partials): PrintedLine[] {
  return (["stdout", "stderr"] as const).flatMap((stream) => {
    const partial = partials[stream]
    return partial ? [{ at: partial.at, stream, text: textOf(Buffer.from(partial.text, "base64"), partial.cutBytes) }] : []
  })
}

function takeRecord(record: Buffer, partials: Partials): PrintedLine | null {
  const header = HEADER.exec(record.toString("latin1", 0, LONGEST_HEADER))
  if (!header) return null
  const [{ length }, time = "", name, tag] = header
  const stream: Stream = name === "stderr" ? "stderr" : "stdout"
  const part = record.subarray(length)
  const begun = partials[stream]
  if (tag === "F" && !begun) return { at: time, stream, text: textOf(part.subarray(0, LONGEST_LINE_BYTES), over(part.length)) }
  const all = Buffer.concat([Buffer.from(begun?.text ?? "", "base64"), part])
  const kept = all.subarray(0, LONGEST_LINE_BYTES)
  const cutBytes = (begun?.cutBytes ?? 0) + over(all.length)
  const at = begun?.at ?? time
  if (tag === "P") {
    partials[stream] = { at, text: kept.toString("base64"), cutBytes }
    return null
  }
  delete partials[stream]
  return { at, stream, text: textOf(kept, cutBytes) }
}

const over = (bytes: number) => Math.max(0, bytes - LONGEST_LINE_BYTES)

/** What is no UTF-8 becomes U+FFFD, and so does the zero byte, which PostgreSQL does not take. */
function textOf(bytes: Buffer, cutBytes: number): string {
  const text = bytes.toString("utf8").replaceAll("\0", "\uFFFD").replace(/\r$/, "")
  return cutBytes > 0 ? `${text} … [${cutBytes} bytes more were cut]` : text
}
