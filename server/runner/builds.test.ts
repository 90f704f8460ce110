import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import path from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { aBuild, aReplica, ended, noContainers, printed, type TestRunner, testRunner, until } from "@/server/testing/runner"

const SCRIPT = 'eval "$DO"'

describe.skipIf(noContainers)(`builds ${noContainers ?? ""}`, () => {
  let part: TestRunner
  beforeAll(async () => {
    part = await testRunner(SCRIPT)
  })
  afterEach(() => part.removeAll())
  afterAll(async () => {
    await part?.runner.forgetApp(1)
    await part?.close()
  })

  const build = async (id: string, script: string, over: { app?: number; seconds?: number } = {}) => {
    writeFileSync(path.join(part.home.sources, `${id}.tar`), "the source")
    return part.runner.create(aBuild({ id, env: { DO: script }, ...over }))
  }

  it("reads its source, keeps the app's volume for the next one, and hands over plain files only", async () => {
    const first = await build(
      "11111111-a",
      "mkdir -p out; cp /source.tar out/slug; ln -s /etc/passwd out/link; mkfifo out/pipe; echo kept >cache",
    )
    expect(await ended(part.runner, first.id)).toMatchObject({ code: 0 })
    expect(await part.runner.collect(first.id)).toEqual({ files: ["slug"] })
    expect(await part.runner.collect(first.id)).toEqual({ files: ["slug"] })
    const slug = path.join(part.home.sources, first.id, "slug")
    expect(readFileSync(slug, "utf8")).toBe("the source")
    expect(statSync(slug).uid).toBe(statSync(part.home.root).uid)
    await part.runner.remove(first.id)
    const second = await build("11111111-b", "cat cache")
    await ended(part.runner, second.id)
    expect(printed(second)).toContain("kept")
  })

  it("collects nothing through a link in place of the folder", async () => {
    const { id } = await build("22222222-a", "rm -rf out; ln -s /etc out")
    await ended(part.runner, id)
    expect(await part.runner.collect(id)).toEqual({ files: [] })
  })

  it("puts nothing where a link leads to, in place of the folder for its output", async () => {
    const { id } = await build("23232323-a", "mkdir -p out; echo x >out/slug")
    await ended(part.runner, id)
    symlinkSync(part.home.root, path.join(part.home.sources, id))
    await expect(part.runner.collect(id)).rejects.toThrow()
    expect(existsSync(path.join(part.home.root, "slug"))).toBe(false)
  })

  it("ends when its time is over, and says so", async () => {
    const { id } = await build("33333333-a", "sleep 600", { seconds: 1 })
    expect(await ended(part.runner, id)).toMatchObject({ code: 137, outOfTime: true, outOfMemory: false })
  })

  it("fails for want of memory when one of its programs did", async () => {
    const { id } = await build("44444444-a", "perl -e '$x = \"a\" x 400_000_000' || exit 2")
    expect(await ended(part.runner, id)).toMatchObject({ code: 2, outOfMemory: true })
  })

  it("reaches neither another build nor a replica of its own app", async () => {
    const listen = "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(LocalPort => 4000, Listen => 5)->accept; sleep 600'"
    const replica = await part.runner.create(aReplica({ id: "web-aaaaaa", app: 1, slot: 2, env: { DO: listen } }))
    const other = await build("55555555-a", listen, { app: 2 })
    const probe = [replica.address, other.address]
      .map((address) => `timeout 1 bash -c '</dev/tcp/${address}/4000' 2>/dev/null && echo REACHED`)
      .join("; ")
    const { id } = await build("55555555-b", `sleep 0.3; ${probe}; echo done`)
    await ended(part.runner, id)
    const container = await until(async () => (await part.runner.list()).find((one) => one.id === id), id)
    expect(printed(container)).toContain("done")
    expect(printed(container)).not.toContain("REACHED")
    await part.removeAll()
    await part.runner.forgetApp(2)
  })
})
