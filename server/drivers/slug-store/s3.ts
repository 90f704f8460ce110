import { createReadStream } from "node:fs"
import { rm } from "node:fs/promises"
import type { Bucket } from "@/server/kernel/bucket"
import type { Clock } from "@/server/kernel/clock"
import { AppError } from "@/server/kernel/errors"
import { checkedSha256, sha256Of } from "./digest"
import type { SlugStore } from "./port"
import { storageOf } from "./s3/storage"

/**
 * Slugs as objects of S3-compatible storage, `<prefix><sha256>.tar.zst`; read through URLs that the storage itself checks. What it
 * refuses is `unavailable`: a build waits until the operator has put it right.
 */
export function s3SlugStore(parts: { bucket: Bucket; clock: Clock }): SlugStore {
  const storage = storageOf(parts.bucket, parts.clock)
  const keyOf = (sha256: string) => `${checkedSha256(sha256)}.tar.zst`

  /** No answer that it is not: who may not list a bucket is told 403 for what is missing. */
  const isKept = async (key: string, sizeBytes: number) => {
    const answer = await storage.send("HEAD", key)
    answer.resume()
    return answer.statusCode === 200 && Number(answer.headers["content-length"]) === sizeBytes
  }

  return {
    async put(file) {
      const { sha256, sizeBytes } = await sha256Of(file)
      if (!(await isKept(keyOf(sha256), sizeBytes))) {
        const answer = await storage.send("PUT", keyOf(sha256), { stream: createReadStream(file), sha256, sizeBytes })
        if (answer.statusCode !== 200) throw await storage.refusal(answer)
        answer.resume()
      }
      await rm(file, { force: true })
      return { sha256, sizeBytes }
    },

    async open(sha256) {
      const answer = await storage.send("GET", keyOf(sha256))
      if (answer.statusCode === 200) return { stream: answer, sizeBytes: Number(answer.headers["content-length"]) }
      const refusal = await storage.refusal(answer)
      // A bucket that is missing is none of the asker's fault.
      const isMissing = answer.statusCode === 404 && !refusal.message.includes("NoSuchBucket")
      throw isMissing ? new AppError("not_found", "There is no such slug.", { cause: refusal }) : refusal
    },

    async signedUrl(sha256, seconds) {
      return storage.signedUrl(keyOf(sha256), seconds)
    },

    verify() {
      throw new AppError("forbidden", "Slugs of this platform are read from its storage: ask for the release again.")
    },

    async remove(sha256) {
      const answer = await storage.send("DELETE", keyOf(sha256))
      if (answer.statusCode !== 204 && answer.statusCode !== 200) throw await storage.refusal(answer)
      answer.resume()
    },
  } satisfies SlugStore
}
