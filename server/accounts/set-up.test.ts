import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { users } from "@/db/schema"
import type { Parts } from "@/server/kernel/context"
import { newToken } from "@/server/kernel/secret"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import { isSetUp, sessionFromToken, setUpOperator } from "./index"
import { aStranger, auditOf, PASSWORD } from "./testing"

const dir = mkdtempSync(path.join(tmpdir(), "phial-set-up-"))
const file = path.join(dir, "setup-token")
const token = newToken()
let connection: Connection
let parts: Parts
beforeAll(async () => {
  connection = await testDatabase()
  parts = testParts(connection)
  writeFileSync(file, `${token}\n`)
})
afterAll(async () => {
  await connection.close()
  rmSync(dir, { recursive: true })
})

const setUp = (email: string, given = token, at = file) => setUpOperator(aStranger(parts), at, { token: given, email, password: PASSWORD })

it("refuses a wrong link, and every link when none was printed", async () => {
  await expect(setUp("op@example.com", newToken())).rejects.toMatchObject({ code: "forbidden" })
  await expect(setUp("op@example.com", "", path.join(dir, "none"))).rejects.toMatchObject({ code: "forbidden" })
  expect(await isSetUp(parts)).toBe(false)
})

it("makes one operator of two people who open the link at once, signed in, and the link is gone", async () => {
  const outcomes = await Promise.allSettled([setUp("first@example.com"), setUp("second@example.com")])
  const won = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))
  const lost = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []))
  expect([won.length, lost.length]).toEqual([1, 1])
  expect(lost[0]).toMatchObject({ code: "conflict" })
  expect(await connection.db.select().from(users)).toEqual([expect.objectContaining({ isOperator: true, confirmedAt: expect.any(Date) })])
  expect(await sessionFromToken(parts, won[0]?.token ?? "")).toMatchObject({ email: won[0]?.email })
  expect(await auditOf(connection, won[0]?.userId ?? "")).toEqual(["session.started", "user.signed_up"])
  expect(existsSync(file)).toBe(false)
  expect(await isSetUp(parts)).toBe(true)
})

it("does not work again, even with the link", async () => {
  writeFileSync(file, token)
  await expect(setUp("third@example.com")).rejects.toMatchObject({ code: "conflict" })
})
