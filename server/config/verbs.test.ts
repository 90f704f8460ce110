import { randomBytes } from "node:crypto"
import { eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { auditEntries, configEntries, rollouts } from "@/db/schema"
import { changeSettings } from "@/server/apps"
import type { Ctx } from "@/server/kernel/context"
import { refusalOf } from "@/server/kernel/refusal"
import { SecretBox } from "@/server/kernel/secret"
import { currentRelease } from "@/server/releases"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, lastAudit } from "@/server/testing/deploys"
import { anApp, testParts } from "@/server/testing/people"
import {
  applyHeldConfig,
  compareReleases,
  configHistory,
  configKeys,
  copyConfig,
  heldConfig,
  importConfig,
  openConfig,
  readConfig,
  restoreConfig,
  revealConfig,
  setConfig,
  unsetConfig,
} from "./index"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
let app: string
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
  app = cast.app.name
  await setConfig(cast.owner, { app, values: { FIRST: "1", SECOND: "2" } })
})

const valuesOf = (ctx: Ctx) => readConfig(ctx, { app })
const rolloutsOf = () => connection.db.select().from(rollouts).where(eq(rollouts.appId, cast.app.id)).orderBy(rollouts.createdAt)

async function refusedFields(work: Promise<unknown>): Promise<Record<string, string[]>> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  return refusalOf(thrown)?.fields ?? {}
}

const verbs: Array<{ verb: string; run: (ctx: Ctx, app: string) => Promise<unknown>; audit: string }> = [
  { verb: "setConfig", run: (ctx, name) => setConfig(ctx, { app: name, values: { A: "1" } }), audit: "config.changed" },
  { verb: "unsetConfig", run: (ctx, name) => unsetConfig(ctx, { app: name, keys: ["FIRST"] }), audit: "config.changed" },
  { verb: "importConfig", run: (ctx, name) => importConfig(ctx, { app: name, text: "A=1" }), audit: "config.changed" },
  { verb: "restoreConfig", run: (ctx, name) => restoreConfig(ctx, { app: name, version: 1 }), audit: "config.changed" },
  { verb: "revealConfig", run: (ctx, name) => revealConfig(ctx, { app: name, key: "FIRST" }), audit: "config.revealed" },
  { verb: "readConfig", run: (ctx, name) => readConfig(ctx, { app: name }), audit: "config.read" },
]

describe.each(verbs)("$verb", ({ run, audit }) => {
  it("is for a collaborator, and leaves an audit row without a value", async () => {
    await run(cast.collaborator, app)
    expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ action: audit, actorName: cast.collaborator.email })
  })

  it("does not find the app for a stranger, and is refused to a viewer", async () => {
    await expect(run(cast.stranger, app)).rejects.toMatchObject({ code: "not_found" })
    await expect(run(cast.viewer, app)).rejects.toMatchObject({ code: "forbidden" })
    expect(await valuesOf(cast.owner)).toEqual({ FIRST: "1", SECOND: "2" })
  })
})

describe("setConfig", () => {
  it("makes one release for many keys, and rolls it out", async () => {
    await aDeploy(cast.owner, cast.app)
    const applied = await setConfig(cast.owner, { app, values: { FIRST: "one", THIRD: "3" } })
    expect(applied).toEqual({ added: ["THIRD"], changed: ["FIRST"], removed: [], version: 5, isRolledOut: true })
    expect(await valuesOf(cast.owner)).toEqual({ FIRST: "one", SECOND: "2", THIRD: "3" })
    const release = await currentRelease(connection.db, cast.app.id)
    expect(release).toMatchObject({ version: 5, kind: "config", summary: "Set `FIRST`, `THIRD` config vars." })
    expect((await rolloutsOf()).at(-1)).toMatchObject({ kind: "config", releaseId: release?.id })
  })

  it("names one key as Gigalixir does", async () => {
    await setConfig(cast.owner, { app, values: { DATABASE_URL: "ecto://x" } })
    expect(await currentRelease(connection.db, cast.app.id)).toMatchObject({ summary: "Set `DATABASE_URL` config var." })
  })

  it("brings the code of a push that was taken back once more, and says so", async () => {
    await aDeploy(cast.owner, cast.app)
    const taken = await aDeploy(cast.owner, cast.app)
    await connection.db.update(rollouts).set({ state: "reverted" }).where(eq(rollouts.releaseId, taken.id))
    await setConfig(cast.owner, { app, values: { MISSING: "1" } })
    const release = await currentRelease(connection.db, cast.app.id)
    expect(release).toMatchObject({
      slugId: taken.slugId,
      summary: `Set \`MISSING\` config var. Brings the code of v${taken.version}, which does not run.`,
    })
    await connection.db
      .update(rollouts)
      .set({ state: "settled" })
      .where(eq(rollouts.releaseId, release?.id ?? ""))
    await setConfig(cast.owner, { app, values: { MISSING: "2" } })
    expect((await currentRelease(connection.db, cast.app.id))?.summary).toBe("Set `MISSING` config var.")
  })

  it("only writes the release down where it is to be held until the next deploy", async () => {
    await aDeploy(cast.owner, cast.app)
    expect(await setConfig(cast.owner, { app, values: { FIRST: "one" }, when: "next_deploy" })).toMatchObject({
      isRolledOut: false,
      version: 5,
    })
    expect(await rolloutsOf()).toHaveLength(1)
  })

  it("holds it by the app's setting, unless this change says otherwise", async () => {
    await aDeploy(cast.owner, cast.app)
    await changeSettings(cast.owner, { app, rollout: { configChanges: "next_deploy" } })
    expect(await setConfig(cast.owner, { app, values: { FIRST: "one" } })).toMatchObject({ isRolledOut: false, version: 5 })
    expect(await unsetConfig(cast.owner, { app, keys: ["SECOND"], when: "now" })).toMatchObject({ isRolledOut: true, version: 6 })
    const release = await currentRelease(connection.db, cast.app.id)
    expect((await rolloutsOf()).map(({ releaseId }) => releaseId)).toEqual([expect.any(String), release?.id])
  })

  it("writes nothing when nothing changes", async () => {
    const before = await currentRelease(connection.db, cast.app.id)
    expect(await setConfig(cast.owner, { app, values: { FIRST: "1" } })).toMatchObject({ version: null, isRolledOut: false })
    expect(await unsetConfig(cast.owner, { app, keys: ["NEVER_SET"] })).toMatchObject({ version: null })
    expect(await currentRelease(connection.db, cast.app.id)).toEqual(before)
  })

  it("names each key that cannot be, and sets none", async () => {
    const values = { "1ST": "x", "A-B": "x", PORT: "80", PHIAL__SLUG_URL: "x", UID: "0", NUL: "a\0b", GOOD: "x" }
    const fields = await refusedFields(setConfig(cast.owner, { app, values }))
    expect(Object.keys(fields).sort()).toEqual(["1ST", "A-B", "NUL", "PHIAL__SLUG_URL", "PORT", "UID"])
    expect(await valuesOf(cast.owner)).toEqual({ FIRST: "1", SECOND: "2" })
  })

  it("keeps the whole within 32 kB", async () => {
    const half = randomBytes(8000).toString("hex")
    await setConfig(cast.owner, { app, values: { HALF: half } })
    expect(await refusedFields(setConfig(cast.owner, { app, values: { OTHER: half } }))).toHaveProperty([""])
  })

  it("loses none of two changes at once", async () => {
    await Promise.all(Array.from({ length: 6 }, (_, index) => setConfig(cast.owner, { app, values: { [`AT_ONCE_${index}`]: "x" } })))
    expect(Object.keys(await valuesOf(cast.owner))).toHaveLength(8)
    expect(await currentRelease(connection.db, cast.app.id)).toMatchObject({ version: 9 })
  })

  it("stores no value in the clear, neither in rows nor in the audit log", async () => {
    const planted = "planted-s3cret-value"
    await setConfig(cast.owner, { app, values: { SECRET: planted } })
    await revealConfig(cast.owner, { app, key: "SECRET" })
    await setConfig(cast.owner, { app, values: { SECRET: `${planted}-2` } })
    const rows = [await connection.db.select().from(configEntries), await connection.db.select().from(auditEntries)]
    expect(JSON.stringify(rows)).not.toContain(planted)
  })
})

describe("what is held", () => {
  const held = () => heldConfig(connection.db, cast.app.id)

  beforeEach(async () => {
    await aDeploy(cast.owner, cast.app)
  })

  it("is what the newest release has and what runs has not, over several changes", async () => {
    expect(await held()).toBeNull()
    await setConfig(cast.owner, { app, values: { FIRST: "one", THIRD: "3" }, when: "next_deploy" })
    await unsetConfig(cast.owner, { app, keys: ["SECOND"], when: "next_deploy" })
    expect(await held()).toEqual({ version: 6, running: 4, why: "held", added: ["THIRD"], changed: ["FIRST"], removed: ["SECOND"] })
    await aDeploy(cast.owner, cast.app)
    expect(await held()).toBeNull()
  })

  it("is nothing when a change was taken back by hand", async () => {
    await setConfig(cast.owner, { app, values: { FIRST: "one" }, when: "next_deploy" })
    await setConfig(cast.owner, { app, values: { FIRST: "1" }, when: "next_deploy" })
    expect(await held()).toBeNull()
  })

  it("is rolled out by who may change the config, and then no more", async () => {
    await setConfig(cast.owner, { app, values: { FIRST: "one" }, when: "next_deploy" })
    expect(await applyHeldConfig(cast.collaborator, { app })).toMatchObject({ version: 5, changed: ["FIRST"], isRolledOut: true })
    const release = await currentRelease(connection.db, cast.app.id)
    expect((await rolloutsOf()).at(-1)).toMatchObject({ kind: "config", releaseId: release?.id, state: "waiting" })
    expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ action: "config.applied", data: { version: 5, changed: ["FIRST"] } })
    expect(await held()).toBeNull()
    await expect(applyHeldConfig(cast.owner, { app })).rejects.toMatchObject({ code: "conflict" })
  })

  it("is not found by a stranger, and not for a viewer to apply", async () => {
    await setConfig(cast.owner, { app, values: { FIRST: "one" }, when: "next_deploy" })
    await expect(applyHeldConfig(cast.stranger, { app })).rejects.toMatchObject({ code: "not_found" })
    await expect(applyHeldConfig(cast.viewer, { app })).rejects.toMatchObject({ code: "forbidden" })
    expect(await held()).toMatchObject({ version: 5 })
  })

  it("is also what was rolled out and did not stay, and can be tried again", async () => {
    await setConfig(cast.owner, { app, values: { FIRST: "one" } })
    const release = await currentRelease(connection.db, cast.app.id)
    await connection.db
      .update(rollouts)
      .set({ state: "reverted", endedAt: new Date() })
      .where(eq(rollouts.releaseId, release?.id ?? ""))
    expect(await held()).toMatchObject({ version: 5, running: 4, why: "taken_back", changed: ["FIRST"] })
    expect(await applyHeldConfig(cast.owner, { app })).toMatchObject({ isRolledOut: true })
  })
})

describe("copyConfig", () => {
  it("overwrites equal keys, keeps others, and is recorded at both apps", async () => {
    const target = await anApp(cast.owner)
    await setConfig(cast.owner, { app: target.name, values: { FIRST: "mine", OWN: "kept" } })
    await copyConfig(cast.owner, { app: target.name, from: app })
    expect(await readConfig(cast.owner, { app: target.name })).toEqual({ FIRST: "1", SECOND: "2", OWN: "kept" })
    expect(await currentRelease(connection.db, target.id)).toMatchObject({ summary: `Copied the config of ${app}.` })
    expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ action: "config.copied", data: { to: target.name } })
  })

  it("needs the right to read the one and to change the other", async () => {
    const theirs = await anApp(cast.stranger)
    await expect(copyConfig(cast.stranger, { app: theirs.name, from: app })).rejects.toMatchObject({ code: "not_found" })
    await expect(copyConfig(cast.owner, { app, from: theirs.name })).rejects.toMatchObject({ code: "not_found" })
    const viewers = await anApp(cast.viewer)
    await expect(copyConfig(cast.viewer, { app: viewers.name, from: app })).rejects.toMatchObject({ code: "forbidden" })
  })
})

describe("restoreConfig", () => {
  it("brings an older config back whole", async () => {
    await setConfig(cast.owner, { app, values: { FIRST: "changed", NEW: "x" } })
    expect(await restoreConfig(cast.owner, { app, version: 2 })).toMatchObject({ changed: ["FIRST"], removed: ["NEW"], added: [] })
    expect(await valuesOf(cast.owner)).toEqual({ FIRST: "1", SECOND: "2" })
    await expect(restoreConfig(cast.owner, { app, version: 99 })).rejects.toMatchObject({ code: "not_found" })
  })
})

describe("what cannot be decrypted", () => {
  it("shows as such, is left out of what is injected, and can be set again", async () => {
    const [stranger] = [new SecretBox([Buffer.alloc(32, 9).toString("base64")])]
    await connection.db
      .update(configEntries)
      .set({ sealed: stranger.seal("lost"), digest: "lost" })
      .where(eq(configEntries.key, "FIRST"))
    expect(await valuesOf(cast.owner)).toEqual({ FIRST: null, SECOND: "2" })
    expect(await configKeys(cast.viewer, app)).toMatchObject([
      { key: "FIRST", isUndecryptable: true, setBy: cast.owner.email },
      { key: "SECOND", isUndecryptable: false },
    ])
    await expect(revealConfig(cast.owner, { app, key: "FIRST" })).rejects.toMatchObject({ code: "conflict" })
    const release = await currentRelease(connection.db, cast.app.id)
    expect((await openConfig(cast.owner, release?.configVersionId ?? "")).undecryptable).toEqual(["FIRST"])
    await setConfig(cast.owner, { app, values: { OTHER: "3" } })
    await setConfig(cast.owner, { app, values: { FIRST: "again" } })
    expect(await valuesOf(cast.owner)).toEqual({ FIRST: "again", SECOND: "2", OTHER: "3" })
  })
})

describe("history", () => {
  it("tells the keys that each config changed, and the release that brought it", async () => {
    await unsetConfig(cast.collaborator, { app, keys: ["SECOND"] })
    expect(await configHistory(cast.viewer, app)).toMatchObject([
      { number: 3, release: 4, removed: ["SECOND"], by: cast.collaborator.email, summary: "Unset `SECOND` config var." },
      { number: 2, release: 3, added: ["FIRST", "SECOND"] },
      { number: 1, release: 1, added: [] },
    ])
    expect(await configHistory(cast.viewer, app, 1)).toMatchObject([{ number: 3, added: [], removed: ["SECOND"] }])
  })

  it("compares two releases by keys", async () => {
    await setConfig(cast.owner, { app, values: { FIRST: "one", THIRD: "3" } })
    const { config, from, to } = await compareReleases(cast.viewer, app, 3, 4)
    expect([from.version, to.version, config]).toEqual([3, 4, { added: ["THIRD"], changed: ["FIRST"], removed: [] }])
    await expect(compareReleases(cast.viewer, app, 3, 99)).rejects.toMatchObject({ code: "not_found" })
  })
})
