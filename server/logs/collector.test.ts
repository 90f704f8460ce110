import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { appendFileSync, createWriteStream, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { eq } from "drizzle-orm"
import { build as bundle } from "esbuild"
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from "vitest"
import type { Connection } from "@/db/client"
import { logLines, oneOffs, releases, replicas } from "@/db/schema"
import type { App } from "@/server/access"
import { type Hub, makeHub } from "@/server/events"
import { silentLog } from "@/server/kernel/log"
import { testDatabase } from "@/server/testing/database"
import { anApp, aPerson, testParts } from "@/server/testing/people"
import { appendPlatformLine, type Collector, isCollected, pruneLogs, startCollector } from "./index"

const T = "2026-11-20T20:21:25.123456789+00:00"

let connection: Connection
let hub: Hub
let logs: string
beforeAll(async () => {
  connection = await testDatabase()
  hub = makeHub(connection)
  logs = mkdtempSync(path.join(tmpdir(), "phial-logs-"))
})
afterAll(async () => {
  await hub.close()
  await connection.close()
  rmSync(logs, { recursive: true, force: true })
})

let app: App
let replica: string
let collector: Collector | null = null
beforeEach(async () => {
  app = await anApp(await aPerson(testParts(connection)))
  replica = await aReplica()
})
afterEach(async () => {
  await collector?.stop()
  collector = null
})

const fileOf = (id: string) => path.join(logs, `${id}.log`)
const start = () => startCollector({ connection, hub, log: silentLog, logFileOf: fileOf })
const print = (...lines: string[]) => appendFileSync(fileOf(replica), lines.map((line) => `${T} stdout F ${line}\n`).join(""))
const eventually = (read: () => unknown) => expect.poll(read, { timeout: 60_000, interval: 20 })

async function aReplica(): Promise<string> {
  const [release] = await connection.db.select().from(releases).where(eq(releases.appId, app.id)).orderBy(releases.version).limit(1)
  const id = `${app.name}-${randomUUID().slice(0, 6)}`
  await connection.db.insert(replicas).values({
    ...{ id, appId: app.id, releaseId: release?.id ?? "", generation: randomUUID(), index: 0, address: "10.0.0.2" },
    ...{ state: "healthy", startedAt: new Date() },
  })
  writeFileSync(fileOf(id), "")
  return id
}

async function stored(): Promise<string[]> {
  const rows = await connection.db.select().from(logLines).where(eq(logLines.appId, app.id)).orderBy(logLines.id)
  return rows.map((row) => row.text)
}

it("stores what is printed, with the time it was printed at, and goes on where the last one stopped", async () => {
  print("one", "tab\tand \\ back")
  collector = start()
  await eventually(stored).toEqual(["one", "tab\tand \\ back"])
  print("two")
  await eventually(stored).toEqual(["one", "tab\tand \\ back", "two"])
  await collector.stop()
  appendFileSync(fileOf(replica), `${T} stderr P three \n`)
  collector = start()
  print("between")
  await eventually(stored).toContain("between")
  await collector.stop()
  appendFileSync(fileOf(replica), `${T} stderr F and four\n`)
  collector = start()
  await eventually(async () => (await stored()).slice(3)).toEqual(["between", "three and four"])
  const [row] = await connection.sql`select at::text, source, replica, release, stream from log_lines where text = 'three and four'`
  expect(row).toEqual({ at: expect.stringContaining("20:21:25.123457"), source: "app", replica, release: 1, stream: "stderr" })
})

it("reads a file that conmon starts anew, and what was removed, to its end", async () => {
  collector = start()
  print("before")
  await eventually(stored).toEqual(["before"])
  print("last of the old")
  writeFileSync(`${fileOf(replica)}.tmp`, `${T} stdout F first of the new\n`)
  renameSync(`${fileOf(replica)}.tmp`, fileOf(replica))
  await eventually(stored).toEqual(["before", "last of the old", "first of the new"])
  print("final")
  rmSync(fileOf(replica))
  await eventually(stored).toContain("final")
})

it("takes the line that a replica's end left unfinished", async () => {
  collector = start()
  appendFileSync(fileOf(replica), `${T} stdout P half a line\n`)
  await connection.db.update(replicas).set({ endedAt: new Date(), state: "exited" }).where(eq(replicas.id, replica))
  await eventually(stored).toEqual(["half a line"])
})

it("takes what a one-off printed before anybody looked, to its end, and knows when that is", async () => {
  const id = `${app.name}-run-abc123`
  const [release] = await connection.db.select().from(releases).where(eq(releases.appId, app.id)).orderBy(releases.version).limit(1)
  const ended = { state: "succeeded" as const, startedAt: new Date(), endedAt: new Date(), timeLimitSeconds: 60 }
  writeFileSync(fileOf(id), "")
  expect(await isCollected(connection.db, id, fileOf(id))).toBe(true)
  appendFileSync(fileOf(id), `${T} stdout F whole\n${T} stdout P half a line\n`)
  expect(await isCollected(connection.db, id, fileOf(id))).toBe(false)
  collector = start()
  await connection.db
    .insert(oneOffs)
    .values({ id, appId: app.id, releaseId: release?.id ?? "", kind: "command", command: ["true"], size: 1, ...ended })
  await eventually(() => isCollected(connection.db, id, fileOf(id))).toBe(true)
  expect(await stored()).toEqual(["whole", "half a line"])
  rmSync(fileOf(id))
  expect(await isCollected(connection.db, id, fileOf(id))).toBe(true)
})

it("neither loses nor doubles a line when two collect at once", async () => {
  const [one, two] = [start(), start()]
  for (let i = 0; i < 200; i += 1) print(`${i}`)
  await eventually(async () => (await stored()).length).toBeGreaterThanOrEqual(200)
  await Promise.all([one.stop(), two.stop()])
  expect(await stored()).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`))
})

it("neither loses nor doubles a line when it is killed again and again while it stores", async () => {
  const program = path.join(logs, "child.mjs")
  await bundle({
    ...{
      entryPoints: ["server/testing/logger-child.ts"],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
    },
    ...{ tsconfig: "tsconfig.json", logLevel: "error" },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  })
  const [{ name = "" } = {}] = await connection.sql<Array<{ name: string }>>`select current_database() as name`
  const total = 60_000
  const out = createWriteStream(fileOf(replica), { flags: "a" })
  const printed = (async () => {
    for (let i = 0; i < total; i += 100) {
      const block = Array.from({ length: 100 }, (_, k) => `${T} stdout ${(i + k) % 7 === 0 ? "P" : "F"} ${i + k};\n`).join("")
      if (!out.write(block)) await once(out, "drain")
      await new Promise((resolve) => setImmediate(resolve))
    }
    out.end(`${T} stdout F end\n`)
  })()
  let kills = 0
  let before = -1
  while ((await stored()).at(-1)?.endsWith("end") !== true) {
    const child = spawn(process.execPath, [program, inject("postgres"), name, logs], { stdio: "inherit" })
    // Killed as soon as it has stored something new, in the middle of the next batch; the last one finishes.
    await eventually(async () => {
      const now = (await stored()).length
      const isNew = now > before
      before = Math.max(before, now)
      return isNew && now > 0
    }).toBe(true)
    if (kills >= 8) await eventually(async () => (await stored()).at(-1)?.endsWith("end")).toBe(true)
    child.kill("SIGKILL")
    await once(child, "exit")
    kills += 1
  }
  await printed
  const numbers = (await stored()).join("").split(";")
  expect(numbers).toEqual([...Array.from({ length: total }, (_, i) => `${i}`), "end"])
  expect(kills).toBeGreaterThan(1)
})

it("keeps the platform's own lines in order with the rest, and prunes what is too much", async () => {
  collector = start()
  print("one", "two", "three")
  await eventually(stored).toHaveLength(3)
  await connection.db.transaction((tx) => appendPlatformLine(tx, app, "Scaled to 2."))
  expect(await stored()).toEqual(["one", "two", "three", "Scaled to 2."])
  await connection.db.insert(logLines).values({ appId: app.id, at: new Date(0), source: "app", text: "old" })
  await pruneLogs(connection, 2)
  expect(await stored()).toEqual(["three", "Scaled to 2."])
})
