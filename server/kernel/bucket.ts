import { Secret } from "./secret"

/** A bucket of S3-compatible storage, and the key that we come with. */
export interface Bucket {
  /** Without a slash at its end. Run containers read from there, too. */
  endpoint: string
  name: string
  /** What the names of our objects begin with: empty, or ending in a slash. */
  prefix: string
  region: string
  accessKeyId: string
  secretAccessKey: Secret
  /** Of a key that is good for a while; URLs that it signed end with it. */
  sessionToken: Secret | null
}

/** As AWS's own programs name them. */
export interface AwsVariables {
  AWS_ACCESS_KEY_ID?: string | undefined
  AWS_SECRET_ACCESS_KEY?: string | undefined
  AWS_SESSION_TOKEN?: string | undefined
  AWS_REGION?: string | undefined
}

const FORM = "must look like s3://bucket/prefix?endpoint=https://storage.example.com&region=eu-central-1"
const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/
const REGION = /^[a-z0-9-]+$/

/**
 * @param address `s3://bucket/prefix?endpoint=…&region=…`. Without an endpoint it is Amazon's of the region; without a region it is
 * `AWS_REGION`, else us-east-1, which other makers' storage takes for its own.
 * @throws Error that says what is wrong with the address or which variable is missing.
 */
export function bucketAt(address: string, variables: AwsVariables): Bucket {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !hasForm(url)) throw new Error(FORM)
  const prefix = url.pathname.replace(/^\//, "").replace(/([^/])$/, "$1/")
  if (!NAME.test(url.host)) throw new Error(`${FORM}: "${url.host}" cannot be the name of a bucket.`)
  if (!PREFIX.test(prefix)) throw new Error(`${FORM}: a prefix is made of letters, digits and . _ - /`)
  const region = url.searchParams.get("region") || variables.AWS_REGION || "us-east-1"
  if (!REGION.test(region)) throw new Error(`${FORM}: "${region}" is no region.`)
  return {
    endpoint: endpointOf(url.searchParams.get("endpoint") ?? `https://s3.${region}.amazonaws.com`),
    ...{ name: url.host, prefix, region },
    ...keyFrom(variables),
  }
}

function hasForm(url: URL): boolean {
  const isKnown = [...url.searchParams.keys()].every((name) => name === "endpoint" || name === "region")
  return url.protocol === "s3:" && isKnown && !url.username && !url.password && !url.port && !url.hash
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search && !url.username
  if (!isPlain) throw new Error(`${FORM}: the endpoint is an address like https://storage.example.com, without a path.`)
  return url.origin
}

function keyFrom(variables: AwsVariables): Pick<Bucket, "accessKeyId" | "secretAccessKey" | "sessionToken"> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = variables
  if (!id || !secret)
    throw new Error("needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: a key that may read, write and delete in the bucket.")
  return { accessKeyId: id, secretAccessKey: new Secret(secret), sessionToken: token ? new Secret(token) : null }
}
