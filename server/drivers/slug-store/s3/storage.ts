import http, { type IncomingMessage } from "node:http"
import https from "node:https"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { AwsV4Signer } from "aws4fetch"
import type { Bucket } from "@/server/kernel/bucket"
import type { Clock } from "@/server/kernel/clock"
import { AppError } from "@/server/kernel/errors"

const IDLE_MS = 30_000
const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/** What is sent: with its checksum, which is part of the signature, so that the storage takes these very bytes or none. */
interface Body {
  stream: Readable
  sha256: string
  sizeBytes: number
}

/** One bucket: signed requests (AWS signature version 4) for objects by their names in it. */
export interface Storage {
  /** @returns the answer, whatever its status. @throws AppError `unavailable` when there is none. */
  send(method: "GET" | "HEAD" | "PUT" | "DELETE", key: string, body?: Body): Promise<IncomingMessage>
  /** A URL by which anybody reads the object, for so many seconds. */
  signedUrl(key: string, seconds: number): Promise<string>
  /** What an answer means that nobody expected. Reads the answer to its end. */
  refusal(answer: IncomingMessage): Promise<AppError>
}

/** Objects are addressed as `<endpoint>/<bucket>/<key>`: all makers' storage knows this form, and it needs no DNS name a bucket. */
export function storageOf(bucket: Bucket, clock: Clock): Storage {
  const urlOf = (key: string) => new URL(`${bucket.endpoint}/${bucket.name}/${bucket.prefix}${key}`)

  const sign = (method: string, url: URL, headers: Record<string, string>, signQuery: boolean) =>
    new AwsV4Signer({
      ...{ method, url: url.href, headers, signQuery },
      ...{
        service: "s3",
        region: bucket.region,
        datetime: clock
          .now()
          .toISOString()
          .replace(/[:-]|\.\d{3}/g, ""),
      },
      ...{ accessKeyId: bucket.accessKeyId, secretAccessKey: bucket.secretAccessKey.reveal() },
      ...(bucket.sessionToken ? { sessionToken: bucket.sessionToken.reveal() } : {}),
    }).sign()

  return {
    async send(method, key, body) {
      const signed = await sign(method, urlOf(key), { "x-amz-content-sha256": body?.sha256 ?? EMPTY_SHA256 }, false)
      const headers = { ...Object.fromEntries(signed.headers), ...(body ? { "content-length": body.sizeBytes } : {}) }
      return exchange(method, signed.url, headers, body?.stream).catch((cause: unknown) => {
        throw unavailable(bucket, `does not answer (${cause instanceof Error ? cause.message : String(cause)})`, cause)
      })
    },

    async signedUrl(key, seconds) {
      const url = urlOf(key)
      url.searchParams.set("X-Amz-Expires", String(seconds))
      return (await sign("GET", url, {}, true)).url.href
    },

    async refusal(answer) {
      const said = await text(answer).catch(() => "")
      const [code, message] = [field(said, "Code"), field(said, "Message")]
      return unavailable(bucket, `answered ${[answer.statusCode, code, message && `(${message})`].filter(Boolean).join(" ")}`)
    },
  }
}

/** By node:http: `fetch` has no sure way to send a stream of known length, and storage takes no other. */
async function exchange(method: string, url: URL, headers: http.OutgoingHttpHeaders, body?: Readable): Promise<IncomingMessage> {
  const client = url.protocol === "https:" ? https : http
  // A connection of its own: one that was kept may be closed by the storage just as we take it up again.
  const request = client.request(url, { method, headers, agent: false, timeout: IDLE_MS })
  request.on("timeout", () => request.destroy(new Error(`nothing for ${IDLE_MS / 1000} s`)))
  const answered = new Promise<IncomingMessage>((resolve, reject) => request.once("response", resolve).on("error", reject))
  request.on("close", () => body?.destroy())
  if (body) body.on("error", (error) => request.destroy(error)).pipe(request)
  else request.end()
  // A refusal may come before all is sent: it is the answer.
  return answered
}

function unavailable(bucket: Bucket, what: string, cause?: unknown): AppError {
  return new AppError("unavailable", `The slug store (bucket ${bucket.name} at ${bucket.endpoint}) ${what}.`, { cause })
}

function field(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]{1,300})</${name}>`).exec(xml)?.[1]
}
