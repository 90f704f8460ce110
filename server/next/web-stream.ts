import type { Readable } from "node:stream"

/**
 * A stream of Node's as a response's body; ends it when the asker goes away.
 * Not `Readable.toWeb`: that throws outside of any request when a response is cut off (ERR_INVALID_STATE).
 */
export function webStream(source: Readable): ReadableStream<Uint8Array> {
  // Node types the chunks of any stream as `any`; this one is of bytes.
  const chunks: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const chunk = await chunks.next()
      if (chunk.done) controller.close()
      else controller.enqueue(chunk.value)
    },
    cancel() {
      source.destroy()
    },
  })
}
