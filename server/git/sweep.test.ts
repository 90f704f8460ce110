import { randomUUID } from "node:crypto"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { builds } from "@/db/schema"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { sweepLeftovers } from "./sweep"

let connection: Connection
let dir: string
beforeAll(async () => {
  connection = await testDatabase()
  dir = mkdtempSync(path.join(tmpdir(), "phial-sweep-"))
})
afterAll(async () => {
  await connection.close()
  rmSync(dir, { recursive: true, force: true })
})

it("removes what a crash left behind, a day later, and nothing that is in use", async () => {
  const app = await anApp(await aPerson(testParts(connection)))
  const [waiting, stray] = [randomUUID(), randomUUID()]
  await connection.db.insert(builds).values({ id: waiting, appId: app.id, number: 1, commit: "a".repeat(40), branch: "main" })
  const paths = { sources: path.join(dir, "sources"), repositories: path.join(dir, "repositories") }
  const objects = path.join(paths.repositories, `${app.id}.git/objects`)
  for (const folder of [paths.sources, `${objects}/tmp_objdir-incoming-x1`, `${objects}/pack`, `${paths.repositories}/b.git.1.2.new`]) {
    mkdirSync(folder, { recursive: true })
  }
  for (const name of [`${waiting}.tar`, `${stray}.tar`, `${stray}.json`, `${stray}.tar.new`, "notes.txt"]) {
    writeFileSync(path.join(paths.sources, name), "")
  }
  expect(await sweepLeftovers(connection.db, paths)).toBe(0)
  expect(await sweepLeftovers(connection.db, paths, Date.now() + 25 * 3_600_000)).toBe(5)
  expect(readdirSync(paths.sources).sort()).toEqual([`${waiting}.tar`, "notes.txt"].sort())
  expect([readdirSync(objects), readdirSync(paths.repositories)]).toEqual([["pack"], [`${app.id}.git`]])
})
