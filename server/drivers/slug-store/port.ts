import type { Readable } from "node:stream"

/** Keeps slugs by the SHA-256 of their bytes: as files, or in S3-compatible storage. Everything may throw `unavailable`: try again. */
export interface SlugStore {
  /** Takes a file over. Repeatable: the same bytes are kept once. @returns their SHA-256 in hex and the size. */
  put(file: string): Promise<{ sha256: string; sizeBytes: number }>
  /** @throws AppError `not_found`. */
  open(sha256: string): Promise<{ stream: Readable; sizeBytes: number }>
  /**
   * A way to read the slug without any other credential.
   * @param seconds until it stops working.
   * @returns a URL of the storage's own, or a path that starts with `/` when it is under the run-container API's own address.
   */
  signedUrl(sha256: string, seconds: number): Promise<string>
  /** Checks what `signedUrl` made, where we serve it ourselves. @throws AppError `forbidden` when wrong or late, or where we do not. */
  verify(sha256: string, query: URLSearchParams): void
  /** Nothing happens when it is not there. */
  remove(sha256: string): Promise<void>
}
