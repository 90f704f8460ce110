import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { Readable } from "node:stream"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { systemClock } from "@/server/kernel/clock"
import { Secret } from "@/server/kernel/secret"
import { s3SlugStore } from "./s3"
import { storageOf } from "./s3/storage"
import { type TestBucket, testBucket } from "./testing/bucket"

describe("a slug store on S3-compatible storage", () => {
  let folder: string
  let file: string
  let bucket: TestBucket
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "phial-s3-"))
    file = path.join(folder, "slug")
  })
  beforeEach(async () => {
    bucket = await testBucket(systemClock)
    await writeFile(file, "a slug")
  })
  afterEach(() => bucket.close())
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const storeOf = (over: Partial<TestBucket> = {}) => s3SlugStore({ bucket: { ...bucket, ...over }, clock: systemClock })
  const methods = () => bucket.requests.map((line) => line.split(" ", 1)[0])

  it("puts an object under the prefix, and sends the same bytes once", async () => {
    const { sha256 } = await storeOf().put(file)
    await writeFile(file, "a slug")
    await storeOf().put(file)
    expect([...bucket.objects.keys()]).toEqual([`phial/${sha256}.tar.zst`])
    expect(methods()).toEqual(["HEAD", "PUT", "HEAD"])
  })

  it("sends anew what lies there in another size", async () => {
    const { sha256 } = await storeOf().put(file)
    bucket.objects.set(`phial/${sha256}.tar.zst`, Buffer.from("a"))
    await writeFile(file, "a slug")
    await storeOf().put(file)
    expect(String(bucket.objects.get(`phial/${sha256}.tar.zst`))).toBe("a slug")
  })

  it("is unavailable while the storage is, and keeps the file for another try", async () => {
    bucket.isBusy = true
    await expect(storeOf().put(file)).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("503 SlowDown") })
    await expect(storeOf().open("0".repeat(64))).rejects.toMatchObject({ code: "unavailable" })
    await expect(storeOf().remove("0".repeat(64))).rejects.toMatchObject({ code: "unavailable" })
    expect(existsSync(file)).toBe(true)
    bucket.isBusy = false
    await storeOf().put(file)
    expect(existsSync(file)).toBe(false)
  })

  it("is unavailable where nobody listens", async () => {
    const nobody = storeOf({ endpoint: "http://127.0.0.1:1" })
    await expect(nobody.put(file)).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("does not answer") })
  })

  it("has the storage refuse bytes that are not those of the checksum, or end too early", async () => {
    const storage = storageOf(bucket, systemClock)
    const sent = (content: Iterable<string>, sizeBytes: number) =>
      storage.send("PUT", "one.tar.zst", { stream: Readable.from(content), sha256: "0".repeat(64), sizeBytes })
    const changed = await sent(["another"], 7)
    expect(await storage.refusal(changed)).toMatchObject({ message: expect.stringContaining("400 XAmzContentSHA256Mismatch") })
    await expect(sent(broken(), 7)).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("the disk is gone") })
    expect(bucket.objects.size).toBe(0)
  })

  it.each([
    ["a wrong secret", { secretAccessKey: new Secret("another") }, "403 SignatureDoesNotMatch"],
    ["an unknown key", { accessKeyId: "AKIAOTHER" }, "403 InvalidAccessKeyId"],
    ["a session's token that is gone", { sessionToken: null }, "400 InvalidToken"],
    ["another region", { region: "us-east-1" }, "expecting 'eu-north-1'"],
    ["a bucket that does not exist", { name: "elsewhere" }, "404 NoSuchBucket"],
  ])("says what is wrong with its settings: %s", async (_what, over, words) => {
    const fault = { code: "unavailable", message: expect.stringContaining(words) }
    await expect(storeOf(over).put(file)).rejects.toMatchObject(fault)
    await expect(storeOf(over).open("0".repeat(64))).rejects.toMatchObject(fault)
    expect(bucket.objects.size).toBe(0)
  })

  it("lets no URL of ours speak for the storage", () => {
    expect(() => storeOf().verify("0".repeat(64), new URLSearchParams())).toThrow("read from its storage")
  })
})

function* broken(): Generator<string> {
  yield "abc"
  throw new Error("the disk is gone")
}
