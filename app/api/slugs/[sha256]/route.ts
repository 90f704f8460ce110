import { rest } from "@/server/next/rest"
import { slugStore } from "@/server/next/slug-store"
import { webStream } from "@/server/next/web-stream"

/** A slug by its signed URL: the signature is the only credential. */
export const GET = rest<{ sha256: string }>(
  async (_ctx, { params, query }) => {
    slugStore().verify(params.sha256, query)
    const { stream, sizeBytes } = await slugStore().open(params.sha256)
    return new Response(webStream(stream), {
      headers: { "content-type": "application/zstd", "content-length": String(sizeBytes), "cache-control": "no-store" },
    })
  },
  { auth: "none" },
)
