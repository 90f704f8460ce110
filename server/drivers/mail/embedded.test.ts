import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, expect, it } from "vitest"
import { FileMailer, messageText } from "./embedded"

const dir = mkdtempSync(path.join(tmpdir(), "phial-mail-"))
afterAll(() => rmSync(dir, { recursive: true }))
const clock = { now: () => new Date("2026-11-20T20:00:00Z") }
const mail = { id: "m1", to: "ada@example.com", subject: "Hello", text: "One\nTwo\n" }

it("writes a message that mail programs read", () => {
  expect(messageText(mail, clock.now()).split("\r\n")).toEqual([
    "From: Phial <no-reply@phial.localhost>",
    "To: ada@example.com",
    "Subject: Hello",
    "Date: Fri, 20 Nov 2026 20:00:00 +0000",
    "Message-ID: <m1@phial.localhost>",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    "One",
    "Two",
    "",
  ])
})

it("encodes a subject that is not ASCII, and lets no subject start a header", () => {
  expect(messageText({ ...mail, subject: "Grüße" }, clock.now())).toContain("Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n")
  expect(messageText({ ...mail, subject: "x\r\nBcc: eve@example.com" }, clock.now())).not.toMatch(/^Bcc:/m)
})

it("makes one file of a mail that is sent twice, readable by its owner alone", async () => {
  const mailer = new FileMailer(path.join(dir, "mail"), clock)
  await Promise.all([mailer.send(mail), mailer.send(mail)])
  await mailer.send({ ...mail, text: "changed" })
  expect(readdirSync(path.join(dir, "mail"))).toEqual(["m1.eml"])
  const file = path.join(dir, "mail", "m1.eml")
  expect(readFileSync(file, "utf8")).toContain("One")
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it("asks to be tried again when it cannot write", async () => {
  writeFileSync(path.join(dir, "file"), "")
  await expect(new FileMailer(path.join(dir, "file", "below"), clock).send(mail)).rejects.toMatchObject({ code: "unavailable" })
})
