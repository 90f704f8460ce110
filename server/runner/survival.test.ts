import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import path from "node:path"
import { build } from "esbuild"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { AppError } from "@/server/kernel/errors"
import { aOneOff, aReplica, ended, noContainers, printed, testHome, until } from "@/server/testing/runner"
import { runnerClient } from "./client"
import { dismantle } from "./dismantle"
import { exec, tryExec } from "./exec"
import { netnsName, placesOf, runcRoot } from "./names"

/** The real process on a socket, killed as it pleases the tests. */
describe.skipIf(noContainers)(`the runner's process ${noContainers ?? ""}`, () => {
  const home = testHome()
  const root = path.join(home.root, "checkout")
  const runner = runnerClient(home)
  let child: ChildProcess

  const start = async () => {
    const env = { PATH: "/usr/bin:/bin", NODE_ENV: "production", PHIAL_HOME: home.root } as const
    child = spawn(process.execPath, [path.join(root, "runner.mjs")], { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] })
    await until(async () => (await runner.health().catch(() => null))?.isUp, "the runner")
  }

  const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
    const gone = new Promise<number | null>((resolve) => child.once("exit", resolve))
    child.kill(signal)
    return gone
  }

  const create = (id: string, script: string, slot = 2) => runner.create(aReplica({ id, slot, env: { DO: script } }))

  beforeAll(async () => {
    mkdirSync(path.join(root, "stack"), { recursive: true })
    writeFileSync(path.join(root, "stack", "entrypoint"), '#!/bin/bash\nif (($# > 0)); then exec "$@"; fi\neval "$DO"\n', { mode: 0o755 })
    const outfile = path.join(root, "runner.mjs")
    await build({
      entryPoints: ["server/main/runner.ts"],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
      banner: REQUIRE,
    })
    await start()
  })
  afterAll(async () => {
    for (const { id } of await runner.list()) await runner.remove(id)
    await kill()
    await dismantle(home)
    rmSync(home.root, { recursive: true, force: true })
  })

  it("lets only root and the owner of the home ask", () => {
    expect(statSync(home.run.runnerSocket).mode & 0o777).toBe(0o600)
  })

  it("leaves containers alone when it is killed, and finds them again with their lines and their end", async () => {
    const made = await create("alone-aaaaaa", "for i in $(seq 600); do echo tick $i; sleep 0.1; done", 2)
    const short = await create("short-aaaaaa", "sleep 1; echo over; exit 9", 3)
    await until(async () => printed(made).includes("tick 2"), "two ticks")
    await kill()
    await expect(runner.list()).rejects.toMatchObject({ code: "unavailable" })
    const ticks = printed(made)
    await until(async () => printed(made).length > ticks.length, "more ticks without a runner")
    await until(async () => existsSync(path.join(placesOf(home, short.id).exitDir, short.id)), "the short one to end")
    await start()
    const found = await runner.list()
    expect(found.find(({ id }) => id === made.id)).toMatchObject({ state: "running", address: made.address, exit: null })
    expect(found.find(({ id }) => id === short.id)).toMatchObject({ state: "ended", exit: { code: 9 } })
    expect(printed(short)).toContain("over")
    await runner.remove(made.id)
    await runner.remove(short.id)
  })

  it("kills after the grace also when it was itself killed in between", async () => {
    const { id } = await create("deaf-bbbbbb", "trap '' TERM; while true; do sleep 1; done")
    await runner.stop(id, 2)
    await kill()
    await start()
    expect(await ended(runner, id)).toMatchObject({ code: 137 })
    await runner.remove(id)
  })

  it("cleans what was half made when it was killed, and makes it anew when asked again", async () => {
    for (const ms of [5, 25, 45, 65, 85]) {
      const making = create("half-aaaaaa", "sleep 600").catch(() => null)
      await new Promise((resolve) => setTimeout(resolve, ms))
      await kill()
      await making
      await start()
      expect((await create("half-aaaaaa", "sleep 600")).state).toBe("running")
      expect((await runner.list()).map(({ id }) => id)).toEqual(["half-aaaaaa"])
      await runner.remove("half-aaaaaa")
      expect(await exec("ip", ["netns"])).not.toContain(netnsName(home, "half-aaaaaa"))
      expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(placesOf(home, "half-aaaaaa").dir)
    }
  })

  it("says that all ended after the machine was restarted, cleans up, and makes new ones", async () => {
    const { id } = await create("boot-aaaaaa", "sleep 600")
    await kill()
    await pretendRestart(id)
    await start()
    expect(await runner.list()).toMatchObject([{ id, state: "ended", exit: { code: 137, outOfMemory: false } }])
    await runner.remove(id)
    expect((await create(id, "sleep 600")).state).toBe("running")
    await runner.remove(id)
    expect(existsSync(placesOf(home, id).dir)).toBe(false)
  })

  it("begins a one-off once, whenever it was killed meanwhile", async () => {
    const counter = await create("counts-aaaaaa", COUNT)
    await until(async () => printed(counter).includes("up"), "the counter")
    const ids = [0, 10, 30, 50, 70, 80, 90, 100, 110, 130].map((ms) => ({ id: `once-run-${ms}`, ms }))
    for (const { id, ms } of ids) {
      const order = aOneOff({ id, command: ["bash", "-c", `echo ${id} >/dev/tcp/${counter.address}/4000`] })
      const making = runner.create(order).catch(() => null)
      await new Promise((resolve) => setTimeout(resolve, ms))
      await kill()
      await making
      await start()
      await runner.create(order)
      expect(await ended(runner, id)).toMatchObject({ code: 0 })
      await runner.remove(id)
    }
    await until(async () => printed(counter).includes(ids.at(-1)?.id ?? ""), "the last")
    expect(printed(counter).match(/once-run-\d+/g)).toEqual(ids.map(({ id }) => id))
    await runner.remove(counter.id)
  })

  it("does not know how a one-off ended that the machine took with it", async () => {
    const { id } = await runner.create(aOneOff({ id: "lost-run-a", command: ["sleep", "600"] }))
    await kill()
    await pretendRestart(id)
    await start()
    expect(await runner.list()).toMatchObject([{ id, kind: "one_off", state: "ended", exit: { isLost: true } }])
    await runner.remove(id)
  })

  it.each([
    [143, true],
    [0, undefined],
  ])("takes exit code %i of a machine that went down for its own doing: %s", async (code, isLost) => {
    const { id } = await runner.create(aOneOff({ id: "down-run-a", command: ["sleep", "600"] }))
    await kill()
    await pretendRestart(id)
    writeFileSync(path.join(placesOf(home, id).exitDir, id), String(code))
    await start()
    const [seen] = await runner.list()
    expect([seen?.exit?.code, seen?.exit?.isLost]).toEqual([code, isLost])
    await runner.remove(id)
  })

  it("finishes and says so when it is asked to end, also while somebody follows the ends of containers", async () => {
    let isFollowed = true
    const following = (async () => {
      for (let last = 0; isFollowed; )
        last = await runner.ended(last).then(
          (seen) => seen.last,
          () => last,
        )
    })()
    // Asked after it on a connection of its own: the other question has arrived.
    await runner.health()
    expect(await kill("SIGTERM")).toBe(0)
    isFollowed = false
    await following
    await expect(runner.health()).rejects.toThrow(AppError)
    await start()
  })

  /** What a restart of the machine leaves: the files. */
  const pretendRestart = async (id: string) => {
    const places = placesOf(home, id)
    const runtime = JSON.parse(readFileSync(places.runtime, "utf8"))
    for (const { pid } of [runtime.monitor, runtime.container]) process.kill(pid, "SIGKILL")
    await until(async () => !existsSync(`/proc/${runtime.monitor.pid}`), "the monitor to be gone")
    await tryExec("umount", [places.disk.mount])
    await tryExec("ip", ["netns", "del", netnsName(home, id)])
    await tryExec("runc", ["--root", runcRoot(home), "delete", "--force", id])
    await dismantle(home)
    rmSync(path.join(places.exitDir, id), { force: true })
    writeFileSync(places.runtime, JSON.stringify({ ...runtime, bootId: "another" }))
  }
})

/** Prints each line that someone sends it. */
const COUNT =
  "exec perl -MIO::Socket::INET -e '$|=1; $s = IO::Socket::INET->new(LocalPort => 4000, Listen => 9); print qq(up\\n); while ($c = $s->accept) { print while <$c> }'"

/** esbuild's ESM needs it for what is bundled as CommonJS. */
const REQUIRE = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }
