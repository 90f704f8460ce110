import { mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, it } from "vitest"
import { openPartLog, trim } from "./part-log"

it("a log that grew large is kept aside once, and the part writes on into the empty file", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "phial-log-"))
  const file = path.join(dir, "web.log")
  const log = openPartLog(file, null)
  writeSync(log.fd, "first\n")
  trim(log.fd, file, null, 3)
  writeSync(log.fd, "second\n")
  expect([readFileSync(`${file}.1`, "utf8"), readFileSync(file, "utf8")]).toEqual(["first\n", "second\n"])
  trim(log.fd, file, null, 100)
  expect(readFileSync(file, "utf8")).toBe("second\n")
  log.close()
  rmSync(dir, { recursive: true })
})
