import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import { promisify } from "node:util"
import type { Bucket } from "@/server/kernel/bucket"
import type { Clock } from "@/server/kernel/clock"
import { Secret, sameText } from "@/server/kernel/secret"
import { type SignedRequest, signatureOf } from "./signature"

/** S3-compatible storage with one bucket, in memory: it checks every signature and answers as Amazon's does. */
export interface TestBucket extends Bucket {
  /** By their keys. */
  objects: Map<string, Buffer>
  /** `PUT /bucket/key 200`, in their order. */
  requests: string[]
  /** While it is true every request is answered with 503. */
  isBusy: boolean
  /** The next object that is read arrives half. */
  cutsNext: boolean
  close(): Promise<void>
}

const KEY = { id: "AKIATEST", secret: "a-secret-key", token: "a-session-token" }
const LONGEST_SECONDS = 604_800
const LARGEST_SKEW_MS = 15 * 60_000

/** @param at where it listens, besides a port of the loopback: a socket, and by which address others come to it. */
export async function testBucket(clock: Clock, at?: { socket: string; endpoint: string }): Promise<TestBucket> {
  const server = createServer((request, response) => {
    void answer(request, response).then((status) => bucket.requests.push(`${request.method} ${request.url?.split("?")[0]} ${status}`))
  })
  await new Promise<void>((resolve) => (at ? server.listen(at.socket, resolve) : server.listen(0, "127.0.0.1", resolve)))
  const bucket: TestBucket = {
    ...{ name: "slugs", prefix: "phial/", region: "eu-north-1", accessKeyId: KEY.id },
    ...{ secretAccessKey: new Secret(KEY.secret), sessionToken: new Secret(KEY.token) },
    endpoint: at?.endpoint ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ objects: new Map(), requests: [], isBusy: false, cutsNext: false },
    close: () => {
      server.closeAllConnections()
      return promisify(server.close.bind(server))()
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const refusal = bucket.isBusy ? ([503, "SlowDown", "Please reduce your request rate."] as const) : faultOf(request, bucket, clock)
    if (refusal) return refuse(request, response, ...refusal)
    const key = decodeURIComponent(pathOf(request)).slice(`/${bucket.name}/`.length)
    if (request.method === "PUT") return put(request, response, key)
    if (request.method === "DELETE") {
      bucket.objects.delete(key)
      return finish(response, 204)
    }
    const object = bucket.objects.get(key)
    if (object && bucket.cutsNext) return cut(response, object)
    return object ? give(request, response, object) : refuse(request, response, 404, "NoSuchKey", "The specified key does not exist.")
  }

  async function put(request: IncomingMessage, response: ServerResponse, key: string): Promise<number> {
    if (!request.headers["content-length"]) return refuse(request, response, 411, "MissingContentLength", "Say how long it is.")
    const body = await buffer(request).catch(() => null)
    // Cut off on its way: nothing is kept.
    if (!body) return 0
    const isWhole = sha256(body) === request.headers["x-amz-content-sha256"]
    if (!isWhole) return refuse(request, response, 400, "XAmzContentSHA256Mismatch", "The checksum is not that of what was received.")
    bucket.objects.set(key, body)
    return finish(response, 200, { etag: etag(body) })
  }

  function cut(response: ServerResponse, object: Buffer): number {
    bucket.cutsNext = false
    response.writeHead(200, { "content-length": object.length })
    response.write(object.subarray(0, object.length / 2), () => response.destroy())
    return 200
  }

  return bucket
}

type Refusal = readonly [status: number, code: string, message: string]

/** What is wrong with a request before anybody looks at the object. */
function faultOf(request: IncomingMessage, bucket: TestBucket, clock: Clock): Refusal | null {
  const path = pathOf(request)
  const query = new URL(request.url ?? "/", "http://storage").searchParams
  const fault = query.has("X-Amz-Signature") ? faultOfUrl(request, query, bucket, clock) : faultOfHeaders(request, bucket, clock)
  if (fault) return fault
  if (!path.startsWith(`/${bucket.name}/`)) return [404, "NoSuchBucket", "The specified bucket does not exist."]
  const isKnown = ["GET", "HEAD", "PUT", "DELETE"].includes(request.method ?? "")
  return isKnown ? null : [405, "MethodNotAllowed", "The method is not allowed."]
}

function faultOfHeaders(request: IncomingMessage, bucket: TestBucket, clock: Clock): Refusal | null {
  const form = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, credential, signedHeaders, signature] = form.exec(request.headers.authorization ?? "") ?? []
  if (!credential || !signedHeaders || !signature) return [403, "AccessDenied", "Access Denied."]
  const at = String(request.headers["x-amz-date"])
  if (Math.abs(timeOf(at) - clock.now().getTime()) > LARGEST_SKEW_MS) return [403, "RequestTimeTooSkewed", "The clocks differ too much."]
  const payloadSha256 = String(request.headers["x-amz-content-sha256"])
  return faultOfSignature(request, bucket, { credential, signedHeaders, signature, at, payloadSha256 })
}

function faultOfUrl(request: IncomingMessage, query: URLSearchParams, bucket: TestBucket, clock: Clock): Refusal | null {
  const of = (name: string) => query.get(`X-Amz-${name}`) ?? ""
  const [at, seconds] = [of("Date"), Number(of("Expires"))]
  if (of("Algorithm") !== "AWS4-HMAC-SHA256") return [400, "AuthorizationQueryParametersError", "X-Amz-Algorithm is wrong."]
  if (!(seconds >= 1 && seconds <= LONGEST_SECONDS)) return [400, "AuthorizationQueryParametersError", "X-Amz-Expires is wrong."]
  if (timeOf(at) + seconds * 1000 < clock.now().getTime()) return [403, "AccessDenied", "Request has expired."]
  const signed = { credential: of("Credential"), signedHeaders: of("SignedHeaders"), signature: of("Signature") }
  return faultOfSignature(request, bucket, { ...signed, at, payloadSha256: "UNSIGNED-PAYLOAD" })
}

interface Claim extends Pick<SignedRequest, "at" | "payloadSha256"> {
  credential: string
  signedHeaders: string
  signature: string
}

function faultOfSignature(request: IncomingMessage, bucket: TestBucket, claim: Claim): Refusal | null {
  const [id, day, region, service, end] = claim.credential.split("/")
  if (id !== KEY.id) return [403, "InvalidAccessKeyId", "The key does not exist in our records."]
  if (region !== bucket.region) return [400, "AuthorizationHeaderMalformed", `The region is wrong; expecting '${bucket.region}'.`]
  const isOurs = day === claim.at.slice(0, 8) && service === "s3" && end === "aws4_request"
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const signedHeaders = claim.signedHeaders.split(";")
  const mustBeSigned = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))]
  if (!isOurs || !mustBeSigned.every((name) => signedHeaders.includes(name))) return [403, "AccessDenied", "Not all is signed."]
  const signed = { method: request.method ?? "", target: request.url ?? "/", headers, signedHeaders }
  const expected = signatureOf({ ...signed, ...claim, signedHeaders, region: bucket.region }, KEY.secret)
  if (!sameText(expected, claim.signature)) return [403, "SignatureDoesNotMatch", "The signature we calculated is another."]
  const token = headers["x-amz-security-token"] ?? new URL(request.url ?? "/", "http://storage").searchParams.get("X-Amz-Security-Token")
  return token === KEY.token ? null : [400, "InvalidToken", "The provided token is malformed or otherwise invalid."]
}

function give(request: IncomingMessage, response: ServerResponse, object: Buffer): number {
  const common = { etag: etag(object), "accept-ranges": "bytes" }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? []
  if (first === undefined) return finish(response, 200, { ...common, "content-length": object.length }, request.method === "GET" && object)
  if (Number(first) >= object.length) return refuse(request, response, 416, "InvalidRange", "The requested range is not satisfiable.")
  const part = object.subarray(Number(first), last ? Number(last) + 1 : undefined)
  const range = `bytes ${first}-${Number(first) + part.length - 1}/${object.length}`
  return finish(response, 206, { ...common, "content-length": part.length, "content-range": range }, request.method === "GET" && part)
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, code: string, message: string): number {
  request.resume()
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return finish(response, status, { "content-type": "application/xml" }, request.method !== "HEAD" && xml)
}

function finish(
  response: ServerResponse,
  status: number,
  headers: Record<string, string | number> = {},
  body: string | Buffer | false = false,
) {
  response.writeHead(status, headers)
  response.end(body || undefined)
  return status
}

const pathOf = (request: IncomingMessage) => (request.url ?? "/").split("?")[0] ?? "/"
/** Of 20130524T000000Z. */
const timeOf = (at: string) => Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"))
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex")
const etag = (bytes: Buffer) => `"${createHash("md5").update(bytes).digest("hex")}"`
