import { createHash } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { readdir, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { buffer } from "node:stream/consumers"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Clock } from "@/server/kernel/clock"
import { SecretBox } from "@/server/kernel/secret"
import { embeddedSlugStore } from "./embedded"
import type { SlugStore } from "./port"

const KEY = Buffer.alloc(32, 9).toString("base64")
let folder: string
let now = new Date("2026-01-01T00:00:00Z")
const clock: Clock = { now: () => now }

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "phial-slugs-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const drivers: Record<string, () => SlugStore> = {
  embedded: () => embeddedSlugStore({ dir: path.join(folder, "store"), secrets: new SecretBox([KEY]), clock }),
}

describe.each(Object.entries(drivers))("the slug store, %s", (_name, make) => {
  const aFile = async (content: string) => {
    const file = path.join(folder, `file-${Math.random()}`)
    await writeFile(file, content)
    return file
  }

  it("keeps a file under the SHA-256 of its bytes and takes it over", async () => {
    const store = make()
    const file = await aFile("a slug")
    const kept = await store.put(file)
    expect(kept).toEqual({ sha256: createHash("sha256").update("a slug").digest("hex"), sizeBytes: 6 })
    expect(await readdir(folder)).not.toContain(path.basename(file))
    const { stream, sizeBytes } = await store.open(kept.sha256)
    expect(sizeBytes).toBe(6)
    expect((await buffer(stream)).toString()).toBe("a slug")
  })

  it("keeps the same bytes once, also when put side by side", async () => {
    const store = make()
    const files = await Promise.all([aFile("twice"), aFile("twice")])
    const [one, other] = await Promise.all(files.map((file) => store.put(file)))
    expect(one).toEqual(other)
  })

  it("does not find what is not there, nor what is no checksum", async () => {
    const store = make()
    await expect(store.open("0".repeat(64))).rejects.toMatchObject({ code: "not_found" })
    await expect(store.open("../../etc/passwd")).rejects.toMatchObject({ code: "not_found" })
  })

  it("forgets a slug, and again", async () => {
    const store = make()
    const { sha256 } = await store.put(await aFile("short-lived"))
    await store.remove(sha256)
    await store.remove(sha256)
    await expect(store.open(sha256)).rejects.toMatchObject({ code: "not_found" })
  })

  it("signs URLs that work until they expire, for this slug alone", async () => {
    const store = make()
    const sha256 = "a".repeat(64)
    const url = new URL(await store.signedUrl(sha256, 60), "http://platform")
    expect(url.pathname).toBe(`/api/slugs/${sha256}`)
    expect(() => store.verify(sha256, url.searchParams)).not.toThrow()
    expect(() => store.verify("b".repeat(64), url.searchParams)).toThrow("signature")
    const later = new URLSearchParams(url.searchParams)
    later.set("expires", String(Number(later.get("expires")) + 3600))
    expect(() => store.verify(sha256, later)).toThrow("signature")
    expect(() => store.verify(sha256, new URLSearchParams())).toThrow("signature")
    now = new Date(now.getTime() + 61_000)
    expect(() => store.verify(sha256, url.searchParams)).toThrow("expired")
  })
})
