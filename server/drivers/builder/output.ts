import { open } from "node:fs/promises"

export interface Line {
  at: Date
  text: string
}

/** What one call reads at most: callers ask again until nothing new comes. */
const CHUNK_BYTES = 1_000_000

/**
 * Reads whole lines of conmon's log from an offset. A line that is not yet whole is left for the next call, unless its writer has
 * ended or it alone is longer than a chunk.
 * @param offset in bytes; one beyond the file's end means that conmon began the file anew.
 */
export async function readOutput(
  file: string,
  offset: number,
  hasEnded: () => Promise<boolean>,
): Promise<{ lines: Line[]; nextOffset: number }> {
  const { chunk, start } = await readChunk(file, offset)
  if (chunk.length === 0) return { lines: [], nextOffset: start }
  const { lines, bytes } = parseOutput(chunk, false)
  if (bytes > 0) return { lines, nextOffset: start + bytes }
  const rest = chunk.length === CHUNK_BYTES || (await hasEnded()) ? parseOutput(chunk, true) : { lines: [], bytes: 0 }
  return { lines: rest.lines, nextOffset: start + rest.bytes }
}

async function readChunk(file: string, offset: number): Promise<{ chunk: Buffer; start: number }> {
  const handle = await open(file, "r").catch(() => null)
  if (!handle) return { chunk: Buffer.alloc(0), start: offset }
  try {
    const { size } = await handle.stat()
    const start = size < offset ? 0 : offset
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - start))
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, start)
    return { chunk: chunk.subarray(0, bytesRead), start }
  } finally {
    await handle.close()
  }
}

interface Part {
  stream: string
  at: string
  text: Buffer[]
}

/**
 * Joins conmon's records, `TIME stdout|stderr F|P text`: `P` is a part that the next record of the same stream goes on with.
 * Pure. @param takesParts whether a last part counts as a line. @returns the lines and how many bytes they came from.
 */
export function parseOutput(chunk: Buffer, takesParts: boolean): { lines: Line[]; bytes: number } {
  const lines: Line[] = []
  let bytes = 0
  let pending: Part | null = null as Part | null
  let position = 0
  for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, position)) {
    const record = readRecord(chunk.subarray(position, end))
    if (pending && record && record.stream !== pending.stream) {
      // Whoever prints on the other stream does not wait for the line to be whole, and neither do we.
      lines.push(lineOf(pending))
      bytes = position
      pending = null
    }
    position = end + 1
    if (record) {
      pending ??= { stream: record.stream, at: record.at, text: [] }
      pending.text.push(record.text)
      if (record.isWhole) {
        lines.push(lineOf(pending))
        pending = null
      }
    }
    if (!pending) bytes = position
  }
  if (takesParts && pending) {
    lines.push(lineOf(pending))
    bytes = position
  }
  return { lines, bytes }
}

function readRecord(record: Buffer): { at: string; stream: string; isWhole: boolean; text: Buffer } | null {
  const afterTime = record.indexOf(32)
  const afterStream = record.indexOf(32, afterTime + 1)
  if (afterTime < 1 || afterStream < 1) return null
  return {
    at: record.toString("latin1", 0, afterTime),
    stream: record.toString("latin1", afterTime + 1, afterStream),
    isWhole: record[afterStream + 1] === 0x46,
    text: record.subarray(afterStream + 3),
  }
}

function lineOf({ at, text }: Part): Line {
  // PostgreSQL keeps no NUL in a text.
  return { at: new Date(at), text: Buffer.concat(text).toString().replaceAll("\0", "").replace(/\r$/, "") }
}
