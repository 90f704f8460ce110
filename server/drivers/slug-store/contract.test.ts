import { createHash, randomBytes, randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { buffer } from "node:stream/consumers"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Clock } from "@/server/kernel/clock"
import { AppError } from "@/server/kernel/errors"
import { SecretBox } from "@/server/kernel/secret"
import { embeddedSlugStore } from "./embedded"
import type { SlugStore } from "./port"
import { s3SlugStore } from "./s3"
import { testBucket } from "./testing/bucket"

const KEY = Buffer.alloc(32, 9).toString("base64")
let folder: string
let now = new Date("2026-01-01T00:00:00Z")
const clock: Clock = { now: () => now }

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "phial-slugs-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Bench {
  store: SlugStore
  /** What somebody gets who has nothing but the URL. */
  read(url: URL): Promise<{ status: number; body: string }>
  /** Where another's slug would be read from. */
  urlOf(url: URL, sha256: string): URL
  close(): Promise<void>
}

const STATUS: Partial<Record<string, number>> = { forbidden: 403, not_found: 404 }

async function embedded(): Promise<Bench> {
  const store = embeddedSlugStore({ dir: path.join(folder, "store"), secrets: new SecretBox([KEY]), clock })
  return {
    store,
    // As the web process serves it.
    read: async (url) => {
      try {
        const sha256 = url.pathname.replace("/api/slugs/", "")
        store.verify(sha256, url.searchParams)
        return { status: 200, body: String(await buffer((await store.open(sha256)).stream)) }
      } catch (error) {
        return { status: (error instanceof AppError && STATUS[error.code]) || 500, body: "" }
      }
    },
    urlOf: (url, sha256) => new URL(`/api/slugs/${sha256}${url.search}`, url),
    close: async () => undefined,
  }
}

async function s3(): Promise<Bench> {
  const bucket = await testBucket(clock)
  return {
    store: s3SlugStore({ bucket, clock }),
    read: async (url) => {
      const answer = await fetch(url)
      return { status: answer.status, body: await answer.text() }
    },
    urlOf: (url, sha256) => new URL(url.href.replace(/[0-9a-f]{64}\.tar/, `${sha256}.tar`)),
    close: bucket.close,
  }
}

describe.each(Object.entries({ embedded, s3 }))("the slug store, %s", (_name, make) => {
  let bench: Bench
  let store: SlugStore
  beforeAll(async () => {
    bench = await make()
    store = bench.store
  })
  afterAll(() => bench.close())

  const aFile = async (content: string | Buffer) => {
    const file = path.join(folder, `file-${randomUUID()}`)
    await writeFile(file, content)
    return file
  }
  const signed = async (sha256: string, seconds: number) => new URL(await store.signedUrl(sha256, seconds), "http://platform")

  it("keeps a file under the SHA-256 of its bytes and takes it over", async () => {
    const file = await aFile("a slug")
    const kept = await store.put(file)
    expect(kept).toEqual({ sha256: createHash("sha256").update("a slug").digest("hex"), sizeBytes: 6 })
    expect(await readdir(folder)).not.toContain(path.basename(file))
    const { stream, sizeBytes } = await store.open(kept.sha256)
    expect(sizeBytes).toBe(6)
    expect((await buffer(stream)).toString()).toBe("a slug")
  })

  it("keeps a large one byte for byte", async () => {
    const file = await aFile(randomBytes(20_000_000))
    const content = await readFile(file)
    const { sha256, sizeBytes } = await store.put(file)
    expect(sizeBytes).toBe(content.length)
    expect((await buffer((await store.open(sha256)).stream)).equals(content)).toBe(true)
  })

  it("keeps the same bytes once, also when put side by side", async () => {
    const files = await Promise.all([aFile("twice"), aFile("twice")])
    const [one, other] = await Promise.all(files.map((file) => store.put(file)))
    expect(one).toEqual(other)
    expect(await store.put(await aFile("twice"))).toEqual(one)
  })

  it("does not find what is not there, nor what is no checksum", async () => {
    await expect(store.open("0".repeat(64))).rejects.toMatchObject({ code: "not_found" })
    await expect(store.open("../../etc/passwd")).rejects.toMatchObject({ code: "not_found" })
    await expect(store.signedUrl("../../etc/passwd", 60)).rejects.toMatchObject({ code: "not_found" })
  })

  it("forgets a slug, and again", async () => {
    const { sha256 } = await store.put(await aFile("short-lived"))
    await store.remove(sha256)
    await store.remove(sha256)
    await expect(store.open(sha256)).rejects.toMatchObject({ code: "not_found" })
  })

  it("signs URLs that work until they expire, for this slug alone", async () => {
    const { sha256 } = await store.put(await aFile("for a while"))
    const other = await store.put(await aFile("another's"))
    const url = await signed(sha256, 60)
    expect(await bench.read(url)).toEqual({ status: 200, body: "for a while" })
    expect(await bench.read(bench.urlOf(url, other.sha256))).toMatchObject({ status: 403 })
    expect(await bench.read(new URL(url.pathname, url))).toMatchObject({ status: 403 })
    for (const name of ["expires", "X-Amz-Expires"].filter((name) => url.searchParams.has(name))) {
      const longer = new URL(url)
      longer.searchParams.set(name, String(Number(longer.searchParams.get(name)) + 3600))
      expect(await bench.read(longer)).toMatchObject({ status: 403 })
    }
    now = new Date(now.getTime() + 61_000)
    expect(await bench.read(url)).toMatchObject({ status: 403 })
    expect(await bench.read(await signed(sha256, 60))).toMatchObject({ status: 200 })
  })

  it("signs for what is not there, too, and nobody finds it", async () => {
    expect(await bench.read(await signed("a".repeat(64), 60))).toMatchObject({ status: 404 })
  })
})
