import { expect, it } from "vitest"
import { LONGEST_LINE_BYTES, type Partials, readPrinted, unfinished } from "./conmon"

const T = "2026-11-20T20:21:25.123456789+00:00"
const read = (text: string | Buffer, before: Partials = {}) => readPrinted(Buffer.from(text), before)
const texts = (text: string | Buffer, before: Partials = {}) => read(text, before).lines.map((line) => line.text)

it("reads whole lines of both streams and leaves a record that is half written", () => {
  const { lines, taken } = read(`${T} stdout F one\n${T} stderr F \n${T} stdout F tw`)
  expect(lines).toEqual([
    { at: T, stream: "stdout", text: "one" },
    { at: T, stream: "stderr", text: "" },
  ])
  expect(taken).toBe(`${T} stdout F one\n${T} stderr F \n`.length)
})

it("joins the parts of a long line, also across reads, while the other stream prints", () => {
  const first = read(`${T} stdout P one \n${T} stderr F between\n`)
  expect(first.lines.map((line) => line.text)).toEqual(["between"])
  expect(texts(`${T} stdout P two \n${T} stdout F three\n`, first.partials)).toEqual(["one two three"])
  expect(unfinished(first.partials)).toEqual([{ at: T, stream: "stdout", text: "one " }])
})

it("joins a character that was cut in two, and replaces what is no UTF-8 and zero bytes", () => {
  const euro = Buffer.from("€")
  const cut = Buffer.concat([
    Buffer.from(`${T} stdout P a`),
    euro.subarray(0, 1),
    Buffer.from(`\n${T} stdout F `),
    euro.subarray(1),
    Buffer.from(`b\n${T} stdout F x`),
    Buffer.from([0xff, 0x00]),
    Buffer.from("y\n"),
  ])
  expect(texts(cut)).toEqual(["a€b", "x\uFFFD\uFFFDy"])
})

it("cuts a huge line and says so", () => {
  const part = "x".repeat(40_000)
  const [line = ""] = texts(`${T} stdout P ${part}\n${T} stdout P ${part}\n${T} stdout F ${part}\n`)
  expect(line.slice(0, LONGEST_LINE_BYTES)).toBe("x".repeat(LONGEST_LINE_BYTES))
  expect(line.slice(LONGEST_LINE_BYTES)).toBe(` … [${120_000 - LONGEST_LINE_BYTES} bytes more were cut]`)
})
