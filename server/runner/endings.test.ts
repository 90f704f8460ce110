import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, expect, it } from "vitest"
import { Endings } from "./endings"

const dir = mkdtempSync(path.join(tmpdir(), "phial-endings-"))
const endings = new Endings()
afterAll(() => {
  endings.close()
  rmSync(dir, { recursive: true })
})

it("tells of an end while one waits, once, and of those before to who asks late", async () => {
  endings.watch("a", 7, dir)
  const waiting = endings.since(0)
  writeFileSync(path.join(dir, "a"), "0")
  const first = await waiting
  expect(first).toEqual({ last: 1, apps: [7] })
  expect(await endings.since(0)).toEqual(first)
  const next = endings.since(first.last)
  endings.watch("b", 8, dir)
  writeFileSync(path.join(dir, "b"), "0")
  expect(await next).toEqual({ last: 2, apps: [8] })
})

it("answers one who counts further than a new runner", async () => {
  expect((await endings.since(99)).apps).toEqual([7, 8])
})
