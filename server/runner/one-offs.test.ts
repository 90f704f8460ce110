import { readFileSync } from "node:fs"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { aOneOff, aReplica, ended, noContainers, printed, type TestRunner, testRunner, until } from "@/server/testing/runner"
import { FIRST_ONE_OFF_SLOT, LAST_SLOT } from "./addresses"
import { placesOf } from "./names"

/** What the entrypoint does with a command, or without one. */
const SCRIPT = 'if (($# > 0)); then exec "$@"; else eval "$DO"; fi'
const LISTEN =
  "exec perl -MIO::Socket::INET -e '$|=1; $s = IO::Socket::INET->new(LocalPort => 4000, Listen => 9); print qq(up\\n); 1 while $s->accept'"

describe.skipIf(noContainers)(`a one-off's container ${noContainers ?? ""}`, () => {
  let part: TestRunner
  beforeAll(async () => {
    part = await testRunner(SCRIPT)
  })
  afterEach(() => part.removeAll())
  afterAll(() => part?.close())

  const run = async (id: string, command: string[], over: { seconds?: number; app?: number } = {}) => {
    const made = await part.runner.create(aOneOff({ id, command, ...over }))
    return { made, exit: await ended(part.runner, id), text: printed(made) }
  }
  const sh = (id: string, script: string, over: { seconds?: number } = {}) => run(id, ["bash", "-c", script], over)

  it("gets its words as they are, whatever they hold, and nothing to read", async () => {
    const words = ["a  b", "$HOME; echo x", "--", "'\"`\\", "ü\n2", ""]
    const { exit, text } = await run("words-run-a", ["printf", "<%s>\n", ...words])
    expect(exit).toMatchObject({ code: 0, outOfMemory: false, outOfTime: false })
    expect(text.trim()).toBe(words.map((word) => `<${word}>`).join("\n"))
    expect((await run("words-run-b", ["cat"])).exit).toMatchObject({ code: 0 })
    expect((await run("words-run-c", ["no-such-program"])).exit).toMatchObject({ code: 127 })
  })

  it("is fenced in as a replica is, and only its words differ", async () => {
    const limits = { memoryBytes: 100_000_000, cpus: 0.5, cpuShares: 100, pids: 99, diskBytes: 32_000_000 }
    await part.runner.create(aOneOff({ id: "like-aaaaaa", command: ["sleep", "60"], env: { A: "1" }, limits }))
    const config = (id: string) => JSON.parse(readFileSync(placesOf(part.home, id).config, "utf8").replaceAll(id, "it"))
    const oneOff = config("like-aaaaaa")
    await part.runner.create(aReplica({ id: "like-bbbbbb", slot: 2, env: { A: "1", DO: "sleep 60" }, limits }))
    const replica = config("like-bbbbbb")
    const withoutWords = ({ process: { args, env, ...process }, ...rest }: typeof oneOff) => ({ ...rest, process })
    expect(oneOff.process.args).toEqual(["/phial/entrypoint", "sleep", "60"])
    expect(withoutWords(oneOff)).toEqual(withoutWords(replica))
  })

  it("sits above all replicas, reaches those of its app, and no others", async () => {
    const listens = (id: string, app: number) => part.runner.create(aReplica({ id, app, slot: 2, env: { DO: LISTEN } }))
    const [own, other] = [await listens("own-aaaaaa", 1), await listens("other-aaaaaa", 2)]
    for (const replica of [own, other]) await until(async () => printed(replica).includes("up"), "the listener")
    const probe = (address: string) => `timeout 1 bash -c '</dev/tcp/${address}/4000' 2>/dev/null && echo "reached ${address}"`
    const { made, text } = await sh("peer-run-a", `${probe(own.address)}; ${probe(other.address)}; echo done`)
    expect(text).toContain("done")
    expect(text.match(/reached .*/g)).toEqual([`reached ${own.address}`])
    expect(hostPart(made.address)).toBe(LAST_SLOT)
    expect(hostPart((await sh("peer-run-b", "true")).made.address)).toBe(LAST_SLOT - 1)
    await part.runner.remove("peer-run-a")
    expect(hostPart((await sh("peer-run-c", "true")).made.address)).toBe(LAST_SLOT)
  })

  it("takes no replica's place when there are too many of it", async () => {
    const ids = Array.from({ length: LAST_SLOT - FIRST_ONE_OFF_SLOT + 1 }, (_, index) => `many-run-${index}`)
    for (const id of ids) await part.runner.create(aOneOff({ id }))
    await expect(part.runner.create(aOneOff({ id: "many-run-more" }))).rejects.toMatchObject({ code: "unavailable" })
    await part.runner.remove("many-run-3")
    expect(await part.runner.create(aOneOff({ id: "many-run-more" }))).toMatchObject({ kind: "one_off" })
    expect((await part.runner.list({ app: 1, kind: "replica" })).length).toBe(0)
    expect((await part.runner.list({ app: 1, kind: "one_off" })).length).toBe(ids.length)
  })

  it("ends when its time is over, and says so", async () => {
    expect((await sh("late-run-a", "sleep 600", { seconds: 1 })).exit).toMatchObject({ code: 137, outOfTime: true, outOfMemory: false })
  })

  it("fails for want of memory when one of its programs did", async () => {
    const { exit } = await sh("greedy-run-a", "perl -e '$x = \"a\" x 400_000_000' || exit 2")
    expect(exit).toMatchObject({ code: 2, outOfMemory: true })
  })

  it("hears that it is to end, and is killed when it does not listen", async () => {
    const script = (trap: string) => ["bash", "-c", `trap '${trap}' TERM; echo up; while true; do sleep 0.1; done`]
    for (const [id, trap, code] of [
      ["stop-run-a", "exit 5", 5],
      ["stop-run-b", "", 137],
    ] as const) {
      const made = await part.runner.create(aOneOff({ id, command: script(trap) }))
      await until(async () => printed(made).includes("up"), "it to be up")
      await part.runner.stop(id, 1)
      expect(await ended(part.runner, id)).toMatchObject({ code })
    }
  })
})

/** In its network of 64 addresses. */
const hostPart = (address: string) => Number(address.split(".").at(-1)) % 64
