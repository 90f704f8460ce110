import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { pipeline } from "node:stream/promises"

/** @returns the SHA-256 in hex of a file's bytes, and how many they are. */
export async function sha256Of(file: string): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash("sha256")
  const stream = createReadStream(file)
  await pipeline(stream, hash)
  return { sha256: hash.digest("hex"), sizeBytes: stream.bytesRead }
}
