import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { bucketAt } from "./bucket"
import { readEnv } from "./env"

const key = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "hush" }

describe("a bucket's address", () => {
  it("names bucket, prefix, endpoint and region", () => {
    const address = "s3://slugs/phial/one?endpoint=https://storage.example.com:9000/&region=eu-central-1"
    expect(bucketAt(address, key)).toMatchObject({
      ...{ endpoint: "https://storage.example.com:9000", name: "slugs", prefix: "phial/one/", region: "eu-central-1" },
      ...{ accessKeyId: "id", sessionToken: null },
    })
  })

  it("is Amazon's when it names no endpoint", () => {
    expect(bucketAt("s3://slugs", key)).toMatchObject({ endpoint: "https://s3.us-east-1.amazonaws.com", prefix: "", region: "us-east-1" })
    expect(bucketAt("s3://slugs/", { ...key, AWS_REGION: "eu-west-1" }).endpoint).toBe("https://s3.eu-west-1.amazonaws.com")
  })

  it.each([
    ["/var/slugs", "must look like s3://"],
    ["https://slugs.example.com", "must look like s3://"],
    ["s3://id:hush@slugs", "must look like s3://"],
    ["s3://slugs?acl=public", "must look like s3://"],
    ["s3://My_Slugs", "cannot be the name of a bucket"],
    ["s3://slugs/a b", "a prefix is made of"],
    ["s3://slugs/..%2f", "a prefix is made of"],
    ["s3://slugs?region=a/b", "is no region"],
    ["s3://slugs?endpoint=storage.example.com", "the endpoint is an address like"],
    ["s3://slugs?endpoint=https://storage.example.com/slugs", "without a path"],
  ])("is refused with a reason: %s", (address, reason) => {
    expect(() => bucketAt(address, key)).toThrow(reason)
  })
})

describe("PHIAL_SLUG_STORE", () => {
  it("is the home's own folder when it is not set, whatever key lies about", () => {
    expect(readEnv({ ...key }, "/nowhere").slugBucket).toBeNull()
  })

  it("is refused by its name when it is wrong, or the key is missing", () => {
    expect(() => readEnv({ ...key, PHIAL_SLUG_STORE: "s3://x" }, "/nowhere")).toThrow("PHIAL_SLUG_STORE")
    expect(() => readEnv({ PHIAL_SLUG_STORE: "s3://slugs" }, "/nowhere")).toThrow("AWS_SECRET_ACCESS_KEY")
  })

  it("keeps its key to itself", () => {
    const bucket = readEnv({ ...key, AWS_SESSION_TOKEN: "hush", PHIAL_SLUG_STORE: "s3://slugs" }, "/nowhere").slugBucket
    expect(inspect(bucket)).not.toContain("hush")
    expect(bucket?.secretAccessKey.reveal()).toBe("hush")
  })
})
