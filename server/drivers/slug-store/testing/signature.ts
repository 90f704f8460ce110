import { createHash, createHmac } from "node:crypto"

/** A request as it came in, with what its signature says of itself. AWS signature version 4, as a server computes it. */
export interface SignedRequest {
  method: string
  /** As it stood in the request's first line. */
  target: string
  headers: Record<string, string>
  signedHeaders: string[]
  payloadSha256: string
  /** 20130524T000000Z */
  at: string
  region: string
}

/** @returns the only signature that this request may carry, in hex. */
export function signatureOf(request: SignedRequest, secretAccessKey: string): string {
  const scope = [request.at.slice(0, 8), request.region, "s3", "aws4_request"]
  const toSign = ["AWS4-HMAC-SHA256", request.at, scope.join("/"), sha256(canonical(request))].join("\n")
  const key = scope.reduce<string | Buffer>((above, part) => hmac(above, part), `AWS4${secretAccessKey}`)
  return hmac(key, toSign).toString("hex")
}

function canonical(request: SignedRequest): string {
  const [path = "/", query = ""] = request.target.split("?")
  const headers = request.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`)
  return [
    request.method,
    path.split("/").map(encoded).join("/"),
    canonicalQuery(query),
    headers.join(""),
    request.signedHeaders.join(";"),
    request.payloadSha256,
  ].join("\n")
}

function canonicalQuery(query: string): string {
  const pairs = query.split("&").filter(Boolean)
  const both = pairs.map((pair) => [pair.split("=", 1)[0] ?? "", pair.slice(pair.indexOf("=") + 1 || pair.length)].map(encoded))
  const lines = both.map(([name, value]) => `${name}=${value}`).filter((line) => !line.startsWith("X-Amz-Signature="))
  return lines.sort().join("&")
}

/** As RFC 3986 has it, from whatever form the sender chose. */
const encoded = (text: string) =>
  encodeURIComponent(decodeURIComponent(text)).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()
