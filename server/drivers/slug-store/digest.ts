import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { pipeline } from "node:stream/promises"
import { AppError } from "@/server/kernel/errors"

const SHA256 = /^[0-9a-f]{64}$/

export const isSha256 = (text: string) => SHA256.test(text)

/** @throws AppError `not_found` when it cannot be a slug's: it becomes part of a name. */
export function checkedSha256(text: string): string {
  if (!isSha256(text)) throw new AppError("not_found", "There is no such slug.")
  return text
}

/** @returns the SHA-256 in hex of a file's bytes, and how many they are. */
export async function sha256Of(file: string): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash("sha256")
  const stream = createReadStream(file)
  await pipeline(stream, hash)
  return { sha256: hash.digest("hex"), sizeBytes: stream.bytesRead }
}
