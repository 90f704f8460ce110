import { expect, it } from "vitest"
import { type SignedRequest, signatureOf } from "./signature"

// Key, requests and signatures: "Examples: Signature Calculations" and "Authenticating Requests: Using Query Parameters" of Amazon's S3 API reference.
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
const NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
const host = "examplebucket.s3.amazonaws.com"
const at = "20130524T000000Z"

function aRequest(over: Partial<SignedRequest>): SignedRequest {
  const payloadSha256 = over.payloadSha256 ?? NOTHING
  const headers = { host, "x-amz-content-sha256": payloadSha256, "x-amz-date": at, ...over.headers }
  return {
    method: "GET",
    target: "/",
    at,
    region: "us-east-1",
    ...over,
    payloadSha256,
    headers,
    signedHeaders: Object.keys(headers).sort(),
  }
}

it.each<[string, SignedRequest, string]>([
  [
    "reading part of an object",
    aRequest({ target: "/test.txt", headers: { range: "bytes=0-9" } }),
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ],
  [
    "writing an object whose name is encoded",
    aRequest({
      ...{ method: "PUT", target: "/test%24file.text" },
      headers: { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      payloadSha256: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    }),
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  ],
  ["a query without a value", aRequest({ target: "/?lifecycle" }), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
  [
    "a URL that was signed beforehand",
    {
      ...aRequest({ payloadSha256: "UNSIGNED-PAYLOAD" }),
      headers: { host },
      signedHeaders: ["host"],
      target:
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=0",
    },
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  ],
])("computes the signatures that Amazon publishes: %s", (_what, request, signature) => {
  expect(signatureOf(request, SECRET)).toBe(signature)
})
