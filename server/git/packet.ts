/** Git's wire format (gitprotocol-common): lines with their length in four hex digits before them; `0000` ends a list. */
export const FLUSH = "0000"

export function packet(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, "0")}${text}`
}

/** Reads list after list from a stream. @returns the lines of the next list, without line breaks at their ends. */
export function packetReader(input: AsyncIterable<Buffer | string>): () => Promise<string[]> {
  const chunks = input[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)

  async function take(bytes: number): Promise<Buffer> {
    while (rest.length < bytes) {
      const { value, done } = await chunks.next()
      if (done) throw new Error("git ended in the middle of a list")
      rest = Buffer.concat([rest, Buffer.from(value)])
    }
    const taken = rest.subarray(0, bytes)
    rest = rest.subarray(bytes)
    return taken
  }

  return async () => {
    const lines: string[] = []
    for (;;) {
      const length = Number.parseInt((await take(4)).toString(), 16)
      if (length === 0) return lines
      lines.push((await take(length - 4)).toString().replace(/\n$/, ""))
    }
  }
}
