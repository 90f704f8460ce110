import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { aReplica, ended, noContainers, printed, type TestRunner, testRunner, until } from "@/server/testing/runner"
import { cgroupPath, netnsFile, placesOf, vethName } from "./names"

/** Does what the variable DO says. */
const SCRIPT = 'eval "$DO"'

describe.skipIf(noContainers)(`containers ${noContainers ?? ""}`, () => {
  let part: TestRunner
  beforeAll(async () => {
    part = await testRunner(SCRIPT)
  })
  afterEach(() => part.removeAll())
  afterAll(() => part?.close())

  it("runs what the order says, keeps its lines and its exit code, and forgets all of it when removed", async () => {
    const order = aReplica({
      id: "one-aaaaaa",
      env: { DO: "echo hello $GREETED; echo oops >&2; exit 7", GREETED: "world" },
      labels: { a: "b" },
    })
    const started = performance.now()
    const made = await part.runner.create(order)
    console.log(`create: ${Math.round(performance.now() - started)} ms`)
    expect(made).toMatchObject({ id: "one-aaaaaa", kind: "replica", app: 1, labels: { a: "b" } })
    expect(await ended(part.runner, made.id)).toMatchObject({ code: 7, outOfMemory: false, outOfTime: false })
    expect(printed(made)).toContain("hello world")
    expect(readFileSync(made.logFile, "utf8")).toMatch(/ stderr F oops/)
    expect(statSync(made.logFile).mode & 0o777).toBe(0o640)
    await part.runner.remove(made.id)
    await part.runner.remove(made.id)
    const { home } = part
    for (const gone of [placesOf(home, made.id).dir, netnsFile(home, made.id), `/sys/class/net/${vethName(home, 1, 2)}`])
      expect(existsSync(gone)).toBe(false)
    expect(existsSync(`/sys/fs/cgroup/memory${cgroupPath(home, made.id)}`)).toBe(false)
    expect(await part.runner.list()).toEqual([])
  })

  it("answers a second create of the same id with the container that runs", async () => {
    const order = aReplica({ id: "two-aaaaaa", env: { DO: "trap 'exit 3' TERM; sleep 600 & wait" } })
    const first = await part.runner.create(order)
    const second = await part.runner.create(order)
    expect(second).toEqual(first)
    await part.runner.stop(first.id, 10)
    expect(await ended(part.runner, first.id)).toMatchObject({ code: 3 })
    await part.runner.remove(first.id)
  })

  it("kills what does not heed the stop when the grace is over", async () => {
    const { id } = await part.runner.create(aReplica({ id: "deaf-aaaaaa", env: { DO: "trap '' TERM; sleep 600 & wait; wait" } }))
    await part.runner.stop(id, 1)
    expect(await ended(part.runner, id)).toMatchObject({ code: 137, outOfMemory: false })
    await part.runner.remove(id)
  })

  it("tells what it uses while it runs", async () => {
    const { id } = await part.runner.create(aReplica({ id: "used-aaaaaa", env: { DO: "sleep 600" } }))
    const usage = await until(() => part.runner.usage(id), "usage")
    expect(usage.memoryLimitBytes).toBe(256_000_000)
    expect(usage.pids).toBeGreaterThan(0)
    expect(usage.memoryBytes).toBeGreaterThan(100_000)
    await part.runner.remove(id)
    expect(await part.runner.usage(id)).toBeNull()
  })

  it("keeps the log readable to the platform when its monitor starts it anew", async () => {
    const { logFile } = await part.runner.create(aReplica({ id: "full-aaaaaa", env: { DO: "sleep 600" } }))
    // As conmon does with a full one.
    writeFileSync(`${logFile}.tmp`, "", { mode: 0o600 })
    renameSync(`${logFile}.tmp`, logFile)
    await until(async () => (statSync(logFile).mode & 0o777) === 0o640, "the mode")
  })

  it("refuses a second replica in the same place", async () => {
    const { id } = await part.runner.create(aReplica({ id: "seat-aaaaaa", env: { DO: "sleep 600" } }))
    await expect(part.runner.create(aReplica({ id: "seat-bbbbbb" }))).rejects.toMatchObject({ code: "conflict" })
    await part.runner.remove(id)
  })
})
