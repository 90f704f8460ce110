import { Readable } from "node:stream"
import { rest } from "@/server/next/rest"
import { slugStore } from "@/server/next/slug-store"

/** A slug by its signed URL: the signature is the only credential. */
export const GET = rest<{ sha256: string }>(
  async (_ctx, { params, query }) => {
    slugStore().verify(params.sha256, query)
    const { stream, sizeBytes } = await slugStore().open(params.sha256)
    // Node's and the DOM's types of the same stream differ in names only.
    return new Response(Readable.toWeb(stream) as ReadableStream, {
      headers: { "content-type": "application/zstd", "content-length": String(sizeBytes), "cache-control": "no-store" },
    })
  },
  { auth: "none" },
)
