/**
 * Makes a response's body of pieces of text. A piece is asked for when the reader has room for it, so a slow reader holds the source.
 * @param end called when the reader leaves: it must make `pieces` end.
 */
export function textStream(pieces: AsyncGenerator<string, void, void>, end: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: end,
  })
}
