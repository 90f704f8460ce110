import { and, eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { oneOffs, rollouts, wakes } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, lastAudit } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"
import { addOneOff, cancelOneOff, oneOffOf, oneOffOfRollout, oneOffsOf, requestCancel, runOneOff } from "./index"
import { MAX_AT_ONCE } from "./limits"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
let app: string
let release: Awaited<ReturnType<typeof aDeploy>>
beforeAll(async () => {
  connection = await testDatabase()
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
  app = cast.app.name
  release = await aDeploy(cast.owner, cast.app)
})

const run = (ctx: Ctx, ...command: string[]) => runOneOff(ctx, { app, command: command.length > 0 ? command : ["echo", "hei"] })
const isAwake = async (kind: "one_off" | "app", key: string) =>
  (
    await connection.db
      .select()
      .from(wakes)
      .where(and(eq(wakes.kind, kind), eq(wakes.key, key)))
  ).length === 1
const ends = (id: string) => connection.db.update(oneOffs).set({ state: "succeeded", endedAt: new Date() }).where(eq(oneOffs.id, id))

describe("runOneOff", () => {
  it("wishes a command in the newest release, of the app's size, and wakes the controller", async () => {
    const { id } = await run(cast.collaborator, "bin/hello", "eval", "IO.puts(1)")
    expect(id).toMatch(new RegExp(`^${app}-run-[a-z0-9]{6}$`))
    expect(await oneOffOf(cast.viewer, app, id)).toMatchObject({
      ...{ kind: "command", state: "waiting", version: release.version, by: cast.collaborator.email, size: cast.app.size },
      ...{ command: ["bin/hello", "eval", "IO.puts(1)"], timeLimitSeconds: 3600, exitCode: null, reason: null },
    })
    expect(await isAwake("one_off", id)).toBe(true)
  })

  it("keeps no command in the audit log, as it may hold a secret", async () => {
    const { id } = await run(cast.owner, "bin/hello", "eval", "login(:s3cret)")
    const row = await lastAudit(cast.owner, cast.app)
    expect(row).toMatchObject({ action: "one_off.started", actorName: cast.owner.email, data: { oneOff: id, kind: "command" } })
    expect(JSON.stringify(row)).not.toContain("s3cret")
  })

  it("knows a migration by its command", async () => {
    for (const command of [
      ["gigalixir_run", "migrate"],
      ["mix", "ecto.migrate", "--quiet"],
    ])
      expect(await run(cast.owner, ...command)).toMatchObject({ kind: "migration", command })
    expect(await run(cast.owner, "mix", "ecto.rollback")).toMatchObject({ kind: "command" })
  })

  it("refuses what cannot run", async () => {
    const command = ["true"]
    await expect(runOneOff(cast.owner, { app, command: [] })).rejects.toThrow("is needed")
    await expect(runOneOff(cast.owner, { app, command: [" "] })).rejects.toThrow("is needed")
    await expect(runOneOff(cast.owner, { app, command: ["a\0b"] })).rejects.toThrow("NUL")
    await expect(runOneOff(cast.owner, { app, command, timeLimitSeconds: 86_401 })).rejects.toThrow("a day")
    await expect(runOneOff(cast.owner, { app, command, size: 17 })).rejects.toThrow("at most 16")
    const fresh = await anAppWithPeople(testParts(connection))
    await expect(runOneOff(fresh.owner, { app: fresh.app.name, command })).rejects.toThrow("push this app first")
  })

  it("runs a few at once, however many are asked for at once", async () => {
    const asked = await Promise.allSettled(Array.from({ length: MAX_AT_ONCE + 3 }, () => run(cast.owner)))
    const [first] = asked.filter((one) => one.status === "fulfilled").map(({ value }) => value.id)
    expect(asked.filter((one) => one.status === "fulfilled")).toHaveLength(MAX_AT_ONCE)
    await expect(run(cast.owner)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("cancel one") })
    await ends(first ?? "")
    await run(cast.owner)
  })

  it("does not find the app for a stranger, and is refused to a viewer", async () => {
    await expect(run(cast.stranger)).rejects.toMatchObject({ code: "not_found" })
    await expect(run(cast.viewer)).rejects.toMatchObject({ code: "forbidden" })
    expect(await oneOffsOf(cast.owner, app)).toEqual([])
  })
})

describe("cancelOneOff", () => {
  it("asks the controller to end it, once, and says who", async () => {
    const { id } = await run(cast.owner)
    await cancelOneOff(cast.collaborator, { app, oneOff: id })
    const { cancelRequestedAt, reason, state } = await oneOffOf(cast.viewer, app, id)
    expect([state, reason]).toEqual(["waiting", `Cancelled by ${cast.collaborator.email}.`])
    expect(await lastAudit(cast.owner, cast.app)).toMatchObject({ action: "one_off.cancelled", data: { oneOff: id } })
    await cancelOneOff(cast.owner, { app, oneOff: id })
    expect(await oneOffOf(cast.viewer, app, id)).toMatchObject({ cancelRequestedAt, reason })
  })

  it("refuses what has ended, what is another app's, and what belongs to a rollout", async () => {
    const { id } = await run(cast.owner)
    const other = await anAppWithPeople(testParts(connection))
    await expect(cancelOneOff(other.owner, { app: other.app.name, oneOff: id })).rejects.toMatchObject({ code: "not_found" })
    await ends(id)
    await expect(cancelOneOff(cast.owner, { app, oneOff: id })).rejects.toMatchObject({ code: "conflict" })
    const ofRollout = await releaseCommand()
    await expect(cancelOneOff(cast.owner, { app, oneOff: ofRollout.id })).rejects.toThrow("cancel the rollout")
  })

  it("does not find the app for a stranger, and is refused to a viewer", async () => {
    const { id } = await run(cast.owner)
    await expect(cancelOneOff(cast.stranger, { app, oneOff: id })).rejects.toMatchObject({ code: "not_found" })
    await expect(cancelOneOff(cast.viewer, { app, oneOff: id })).rejects.toMatchObject({ code: "forbidden" })
    expect(await oneOffOf(cast.owner, app, id)).toMatchObject({ cancelRequestedAt: null })
  })
})

async function releaseCommand() {
  const [rollout] = await connection.db.select().from(rollouts).where(eq(rollouts.releaseId, release.id))
  if (!rollout) throw new Error("no rollout")
  const command = ["sh", "-c", "gigalixir_run migrate"]
  const what = { kind: "release_command" as const, releaseId: release.id, rolloutId: rollout.id, command, size: 1, timeLimitSeconds: 60 }
  return { ...(await cast.owner.tx((tx) => addOneOff(tx, cast.owner, cast.app, what))), rolloutId: rollout.id }
}

describe("a release command", () => {
  it("is made once for a rollout, which finds it again", async () => {
    expect(await oneOffOfRollout(connection.db, release.id)).toBeNull()
    const [first, second] = [await releaseCommand(), await releaseCommand()]
    expect(second.id).toBe(first.id)
    expect(await oneOffOfRollout(connection.db, first.rolloutId)).toMatchObject({ id: first.id, kind: "release_command", state: "waiting" })
    expect(await isAwake("one_off", first.id)).toBe(true)
  })

  it("takes nobody's place among those that run at once", async () => {
    for (let number = 0; number < MAX_AT_ONCE; number++) await run(cast.owner)
    expect(await releaseCommand()).toMatchObject({ state: "waiting" })
  })

  it("is cancelled by its rollout with the rollout's words, unless it has ended", async () => {
    const { id } = await releaseCommand()
    const cancel = (reason?: string) => cast.owner.tx((tx) => requestCancel(tx, id, reason))
    expect(await cancel("The rollout was cancelled.")).toBe(true)
    expect(await cancel()).toBe(false)
    expect(await oneOffOf(cast.owner, app, id)).toMatchObject({ reason: "The rollout was cancelled." })
    await ends(id)
    expect(await cancel()).toBe(false)
  })
})
