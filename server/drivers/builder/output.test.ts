import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { parseOutput, readOutput } from "./output"

const T = "2026-11-20T20:00:00.123456789+00:00"
let dir: string
let file: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "phial-output-"))
  file = path.join(dir, "log")
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const texts = (log: string, takesParts = false) => parseOutput(Buffer.from(log), takesParts).lines.map((line) => line.text)
const running = async () => false

it("joins the parts of a line and keeps its colours, blanks and letters", () => {
  expect(texts(`${T} stdout P \u001b[32mgr\n${T} stdout F \u00fcn  \u001b[0m\n${T} stdout F \n`)).toEqual([
    "\u001b[32mgr\u00fcn  \u001b[0m",
    "",
  ])
})

it("takes the time of a line's first part", () => {
  expect(parseOutput(Buffer.from(`${T} stdout F x\n`), false).lines[0]?.at.toISOString()).toBe("2026-11-20T20:00:00.123Z")
})

it("does not wait for a part when the other stream goes on", () => {
  expect(texts(`${T} stdout P ...\n${T} stderr F warning\n${T} stdout P ..\n`)).toEqual(["...", "warning"])
})

it("drops what the database cannot keep", () => {
  expect(texts(`${T} stdout F a\0b\r\n`)).toEqual(["ab"])
})

it("goes on from an offset, never within a line, and takes the last part when its writer has ended", async () => {
  await writeFile(file, `${T} stdout F one\n${T} stdout P tw`)
  const first = await readOutput(file, 0, running)
  expect(first.lines.map((line) => line.text)).toEqual(["one"])
  await appendFile(file, `\n`)
  expect(await readOutput(file, first.nextOffset, running)).toEqual({ lines: [], nextOffset: first.nextOffset })
  const last = await readOutput(file, first.nextOffset, async () => true)
  expect(last.lines.map((line) => line.text)).toEqual(["tw"])
  expect(await readOutput(file, last.nextOffset, async () => true)).toEqual({ lines: [], nextOffset: last.nextOffset })
})

it("reads a long log in chunks and loses nothing", async () => {
  const all = Array.from({ length: 40_000 }, (_, index) => `line ${index} ${"x".repeat(40)}`)
  await writeFile(file, all.map((text) => `${T} stdout F ${text}\n`).join(""))
  const read: string[] = []
  for (let offset = 0; ; ) {
    const { lines, nextOffset } = await readOutput(file, offset, running)
    if (nextOffset === offset) break
    read.push(...lines.map((line) => line.text))
    offset = nextOffset
  }
  expect(read).toEqual(all)
})

it("begins again when the file began anew, and knows nothing of a file that is not there", async () => {
  await writeFile(file, `${T} stdout F new\n`)
  expect((await readOutput(file, 1_000_000, running)).lines.map((line) => line.text)).toEqual(["new"])
  expect(await readOutput(`${file}.none`, 7, running)).toEqual({ lines: [], nextOffset: 7 })
})
