import { readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { connect, type Socket } from "node:net"
import path from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { FormerSlug } from "@/server/drivers/builder/port"
import { exec } from "@/server/runner/exec"
import type { Container } from "@/server/runner/protocol"
import { anAppRef, type BuildBench, buildBench } from "@/server/testing/builds"
import { type TestApi, testApi } from "@/server/testing/run-container-api"
import { aReplica, ended, noContainers, printed, until } from "@/server/testing/runner"

const limits = { memoryBytes: 300_000_000, cpus: 1, cpuShares: 512, pids: 1024, diskBytes: 400_000_000 }
const source = (file: string) => readFileSync(`e2e/apps/counter/${file}`, "utf8")

/** Files of the counter with words replaced by others. */
function edited(version: string, edits: Record<string, ReadonlyArray<[string, string]>> = {}): Record<string, string> {
  const all: typeof edits = { "mix.exs": [['"0.1.0"', `"${version}"`]], ...edits }
  return Object.fromEntries(
    Object.entries(all).map(([file, pairs]) => [
      file,
      pairs.reduce((text, [from, to]) => {
        if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
        return text.replace(from, to)
      }, source(file)),
    ]),
  )
}

const routes = (...pairs: Array<[string, string]>) => ({ "lib/routes.ex": pairs })
const greets = (word: string) => routes(["version 1", word])
const codeChange = (body: string): [string, string] => [
  "  @impl true\n  def init",
  `  @impl true\n  def code_change(_, state, _), do: ${body}\n\n  @impl true\n  def init`,
]

describe.skipIf(noContainers)(`a node that is upgraded in place ${noContainers ?? ""}`, { timeout: 120_000 }, () => {
  let bench: BuildBench
  let api: TestApi
  const app = anAppRef("counter")
  let base: FormerSlug
  const sockets: Socket[] = []

  beforeAll(async () => {
    bench = await buildBench(null)
    base = await slugOf(1, edited("0.1.0"), null)
    const nothing = { file: "/nowhere", sha256: "0".repeat(64) }
    api = await testApi(bench.part.home, nothing)
  }, 120_000)
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    for (const { id } of await bench.part.runner.list({ kind: "replica" })) await bench.part.runner.remove(id)
    api.releases.clear()
  })
  afterAll(async () => {
    api?.close()
    await bench?.close()
  })

  const files = new Map<string, string>()
  /** Builds, as an upgrade of another slug where one is given, and keeps it as a file. */
  async function slugOf(release: number, content: Record<string, string>, from: FormerSlug | null): Promise<FormerSlug> {
    const order = bench.order("counter", content, { app, hotUpgrade: from && { from } })
    const { world, lines } = await bench.build(order)
    expect(world, lines.join("\n")).toMatchObject({ code: 0 })
    const { sha256, meta } = await bench.builderWith({}).collect(order.id)
    if (from) expect(meta.hotUpgrade, lines.join("\n")).toMatchObject({ isPossible: true })
    const file = path.join(bench.part.home.root, `${sha256}.tar.zst`)
    await writeFile(file, (await bench.slugStore.open(sha256)).stream)
    files.set(sha256, file)
    return { release, sha256, stack: "debian-13", meta }
  }

  function release(slug: FormerSlug, config: Record<string, string> = {}): void {
    const file = files.get(slug.sha256)
    if (!file) throw new Error("no such slug")
    api.releases.set(String(slug.release), { file, sha256: slug.sha256, name: "counter", config })
  }

  const start = async (id: string, version: number, memoryBytes = limits.memoryBytes): Promise<Container> => {
    const env = { APP_NAME: "counter", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: String(version), HOST_INDEX: "0" }
    const replica = await bench.part.runner.create(aReplica({ id, app: 1, slot: 2, env, limits: { ...limits, memoryBytes } }))
    await until(() => get(replica, "/healthz").catch(() => null), "an answer")
    return replica
  }
  const upgrade = (replica: Container, version: number) => bench.part.runner.upgrade(replica.id, version)
  const get = ({ address }: Container, at: string, method = "GET") =>
    fetch(`http://${address}:4000${at}`, { method }).then((answer) => answer.text())

  /** Asks over one connection, again and again. */
  async function talk(replica: Container): Promise<{ ask(): Promise<string>; isOpen(): boolean }> {
    const socket = connect({ host: replica.address, port: 4000 })
    sockets.push(socket)
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject))
    return {
      isOpen: () => !socket.destroyed && socket.readable,
      ask: () =>
        new Promise((resolve, reject) => {
          socket.once("data", (data: Buffer) => resolve(data.toString().split("\r\n\r\n")[1] ?? ""))
          socket.once("close", () => reject(new Error("the connection was closed")))
          socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        }),
    }
  }

  it("keeps its state, its connections and what config/runtime.exs says, twice in a row", async () => {
    const second = await slugOf(2, edited("0.1.1", greets("version 2")), base)
    const third = await slugOf(3, edited("0.1.2", greets("version 3")), second)
    release(base, { GREETING: "good day" })
    release(second, { GREETING: "good day" })
    release(third, { GREETING: "good evening", NEW: "1" })
    const replica = await start("counter-hot000", 1)
    const line = await talk(replica)
    expect(await line.ask()).toBe("good day from version 1\n")
    for (let count = 0; count < 3; count++) await get(replica, "/count", "POST")
    expect(await upgrade(replica, 2)).toEqual({ ok: true, detail: "Upgraded in place from 0.1.0 to 0.1.1." })
    expect(await line.ask()).toBe("good day from version 2\n")
    expect(await upgrade(replica, 2)).toEqual({ ok: true, detail: "It runs v2 already." })
    expect(await upgrade(replica, 3)).toMatchObject({ ok: true })
    expect(await line.ask()).toBe("good evening from version 3\n")
    expect(await get(replica, "/count")).toBe("3")
    expect(await get(replica, "/env")).toContain("\nNEW=1\n")
    expect(line.isOpen()).toBe(true)
    expect(printed(replica)).toContain("Upgraded in place from 0.1.1 to 0.1.2.")
  })

  it("takes over a state where its module says how, and knows a new implementation of a protocol", async () => {
    const shape =
      'defprotocol Counter.Shape do\n  def name(shape)\nend\ndefimpl Counter.Shape, for: Integer do\n  def name(_), do: "integer"\nend\n'
    const asks = (word: string): [string, string] => [
      "#{Application.fetch_env!(:counter, :greeting)} from version 1\\n",
      `#{Counter.Shape.name(${word})} #{inspect(:sys.get_state(Counter))}`,
    ]
    const first = await slugOf(1, { ...edited("0.1.0", routes(asks("1"))), "lib/shape.ex": shape }, null)
    const counter = {
      "lib/counter.ex": [["%{count: count, ", "%{step: 1, count: count, "], codeChange("{:ok, Map.put(state, :step, 7)}")],
    } satisfies Parameters<typeof edited>[1]
    const atoms = `${shape}defimpl Counter.Shape, for: Atom do\n  def name(_), do: "atom"\nend\n`
    const second = await slugOf(2, { ...edited("0.2.0", { ...routes(asks(":a")), ...counter }), "lib/shape.ex": atoms }, first)
    release(first)
    release(second)
    const replica = await start("counter-hot001", 1)
    await get(replica, "/count", "POST")
    expect(await get(replica, "/")).toContain("integer %{count: 1")
    expect(await upgrade(replica, 2)).toMatchObject({ ok: true })
    expect(await get(replica, "/")).toMatch(/^atom %\{.*step: 7/)
  })

  it("starts, upgrades and stops dependencies, and changes a supervisor that starts the same", async () => {
    const dependency = (name: string, number: string) => ({
      [`${name}/mix.exs`]: `defmodule ${name.toUpperCase()}.Mix do
  use Mix.Project
  def project, do: [app: :${name}, version: "${number}", deps: []]
end
`,
      [`${name}/lib/${name}.ex`]: `defmodule ${name.toUpperCase()} do\n  def version, do: "${number}"\nend\n`,
    })
    const family = (word: string) => ({
      "lib/family.ex": `defmodule Counter.Family do
  use Supervisor
  def start_link(_), do: Supervisor.start_link(__MODULE__, nil, name: __MODULE__)
  def init(_), do: Supervisor.init([{Agent, fn -> "kept" end}], strategy: :one_for_one)
  def says do
    [{_, agent, _, _}] = Supervisor.which_children(__MODULE__)
    "${word} " <> Agent.get(agent, & &1)
  end
end
`,
    })
    const started = "#{inspect(for {app, _, _} <- Application.started_applications(), app in [:aa, :bb, :cc], do: app)}"
    const appWith = (number: string, deps: string) => ({
      ...edited(number, {
        "lib/application.ex": [["[Counter, ", "[Counter, Counter.Family, "]],
        ...routes([
          "#{Application.fetch_env!(:counter, :greeting)} from version 1\\n",
          `#{AA.version()} #{Counter.Family.says()} ${started}`,
        ]),
      }),
      "mix.exs": (edited(number)["mix.exs"] ?? "").replace("deps: []", `deps: [${deps}]`),
    })
    const pathOf = (name: string) => `{:${name}, path: "${name}"}`
    const before = { ...dependency("aa", "1.0.0"), ...dependency("bb", "1.0.0"), ...family("one") }
    const after = { ...dependency("aa", "1.1.0"), ...dependency("cc", "1.0.0"), ...family("two") }
    const first = await slugOf(1, { ...appWith("0.1.0", `${pathOf("aa")}, ${pathOf("bb")}`), ...before }, null)
    const second = await slugOf(2, { ...appWith("0.1.1", `${pathOf("aa")}, ${pathOf("cc")}`), ...after }, first)
    release(first)
    release(second)
    const replica = await start("counter-hot006", 1)
    expect(await get(replica, "/")).toMatch(/^1\.0\.0 one kept \[(:aa, :bb|:bb, :aa)\]$/)
    expect(await upgrade(replica, 2)).toMatchObject({ ok: true })
    expect(await get(replica, "/")).toMatch(/^1\.1\.0 two kept \[(:aa, :cc|:cc, :aa)\]$/)
  })

  it("says that a node ended whose code_change raised, and a start afterwards runs the new release", async () => {
    const counter = { "lib/counter.ex": [codeChange('raise("no #{inspect(state)}")')] } satisfies Parameters<typeof edited>[1]
    const second = await slugOf(2, edited("0.1.1", { ...greets("version 2"), ...counter }), base)
    release(base)
    release(second)
    const replica = await start("counter-hot002", 1)
    expect(await upgrade(replica, 2)).toEqual({
      ok: false,
      reason: expect.stringContaining("ended while it was upgraded"),
    })
    await ended(bench.part.runner, replica.id)
    await bench.part.runner.remove(replica.id)
    expect(await upgrade(await start("counter-hot003", 2), 2)).toEqual({ ok: true, detail: "It runs v2 already." })
  })

  it("leaves a node as it is that it cannot upgrade, and says why", async () => {
    const loop = (word: string): [string, string] => [
      'def answer("GET", "/")',
      `def answer("GET", "/wait"), do: (Process.sleep(60_000) && {@ok, @text, "${word}"})\n  def answer("GET", "/")`,
    ]
    const first = await slugOf(1, edited("0.1.0", routes(loop("one"))), null)
    const second = await slugOf(2, edited("0.1.1", routes(loop("two"), ["version 1", "version 2"])), first)
    const third = await slugOf(3, edited("0.1.2", routes(loop("three"), ["version 1", "version 3"])), second)
    for (const slug of [first, second, third]) release(slug)
    const replica = await start("counter-hot004", 1)
    expect(await upgrade(replica, 3)).toEqual({ ok: false, reason: "v3 upgrades another slug than the one that runs here." })
    const waiting = fetch(`http://${replica.address}:4000/wait`).catch(() => undefined)
    release(second, { RELEASE_COOKIE: "other" })
    expect(await upgrade(replica, 2)).toEqual({
      ok: false,
      reason: "The config RELEASE_COOKIE changed, which only a new start can take up.",
    })
    release(second)
    expect(await upgrade(replica, 2)).toMatchObject({ ok: true })
    expect(await upgrade(replica, 3)).toEqual({
      ok: false,
      reason: expect.stringContaining("Processes still run code from before the last upgrade (Counter.Routes)"),
    })
    expect(await get(replica, "/")).toContain("version 2")
    await bench.part.runner.remove(replica.id)
    await waiting
  })

  it("does not begin where the memory is too small for it", async () => {
    const second = await slugOf(2, edited("0.1.1", greets("version 2")), base)
    release(base)
    release(second)
    const replica = await start("counter-hot007", 1, 150_000_000)
    expect(await upgrade(replica, 2)).toEqual({ ok: false, reason: expect.stringMatching(/^The replica has \d+ MB of memory left/) })
    expect(await get(replica, "/")).toContain("version 1")
  })

  it("has a console, a shell and the node itself start from what runs now", async () => {
    const second = await slugOf(2, edited("0.1.1", greets("version 2")), base)
    release(base)
    release(second, { GREETING: "hei" })
    const replica = await start("counter-hot005", 1)
    await upgrade(replica, 2)
    const inside = (...command: string[]) =>
      exec("runc", ["--root", `/run/phial/runc/${bench.part.home.id}`, "exec", replica.id, ...command])
    expect(await inside("cat", "/app/releases/start_erl.data")).toMatch(/ 0\.1\.1$/)
    const script =
      'source /phial/run-container/environment.sh; MY_POD_IP=$1 load_environment; bin/counter rpc \'IO.puts(System.get_env("GREETING") <> " " <> to_string(Application.spec(:counter, :vsn)))\''
    expect(await inside("bash", "-c", script, "-", replica.address)).toBe("hei 0.1.1\n")
  })
})
