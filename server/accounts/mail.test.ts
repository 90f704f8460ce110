import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { outbox } from "@/db/schema"
import { FileMailer } from "@/server/drivers/mail/embedded"
import type { Mailer } from "@/server/drivers/mail/port"
import { systemClock } from "@/server/kernel/clock"
import type { Parts } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import { queueMail, sendQueuedMails } from "./index"

const dir = mkdtempSync(path.join(tmpdir(), "phial-mail-"))
let connection: Connection
let parts: Parts
beforeAll(async () => {
  connection = await testDatabase()
  parts = testParts(connection)
})
afterAll(async () => {
  await connection.close()
  rmSync(dir, { recursive: true })
})

const queue = (to: string) => connection.db.transaction((tx) => queueMail(tx, { to, subject: "Your code", text: "It is 123456" }))

it("sends what waits once, also from two controllers at once, and forgets its text", async () => {
  for (const to of ["a@example.com", "b@example.com", "c@example.com"]) await queue(to)
  const mailer = new FileMailer(dir, systemClock)
  const rounds = await Promise.all([sendQueuedMails(parts, mailer), sendQueuedMails(parts, mailer)])
  await sendQueuedMails(parts, mailer)
  expect(rounds.reduce((sum, round) => sum + round.sent, 0)).toBeLessThanOrEqual(3)
  expect(readdirSync(dir)).toHaveLength(3)
  expect(readFileSync(path.join(dir, readdirSync(dir)[0] ?? ""), "utf8")).toContain("It is 123456")
  const rows = await connection.db.select().from(outbox)
  expect(rows.every((row) => row.sentAt !== null && row.text === "")).toBe(true)
})

it("keeps a mail that could not be sent, tries it again, and sends the others meanwhile", async () => {
  await queue("broken@example.com")
  await queue("fine@example.com")
  const sent: string[] = []
  const flaky: Mailer = {
    send: async (mail) => {
      if (mail.to.startsWith("broken")) throw new Error("no route to host")
      sent.push(mail.to)
    },
  }
  expect(await sendQueuedMails(parts, flaky)).toEqual({ sent: 1, waiting: 1 })
  expect(sent).toEqual(["fine@example.com"])
  expect(await connection.db.select().from(outbox)).toContainEqual(
    expect.objectContaining({ to: "broken@example.com", sentAt: null, attempts: 1, lastError: "no route to host", text: "It is 123456" }),
  )
  expect(await sendQueuedMails(parts, new FileMailer(dir, systemClock))).toEqual({ sent: 1, waiting: 0 })
})
