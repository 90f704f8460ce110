import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { HotUpgrade, SlugMeta } from "@/db/schema"
import { anAppRef, type BuildBench, buildBench } from "@/server/testing/builds"
import { noContainers } from "@/server/testing/runner"
import type { FormerSlug } from "./port"

const source = (file: string) => readFileSync(`e2e/apps/counter/${file}`, "utf8")
const version = (number: string) => ({ "mix.exs": source("mix.exs").replace('"0.1.0"', `"${number}"`) })
const changed = (file: string, from: string, to: string) => {
  const before = source(file)
  if (!before.includes(from)) throw new Error(`${file} has no ${from}`)
  return { [file]: before.replace(from, to) }
}

describe.skipIf(noContainers)(`a build that is asked for a hot upgrade ${noContainers ?? ""}`, { timeout: 120_000 }, () => {
  let bench: BuildBench
  const app = anAppRef("counter")
  let base: FormerSlug
  beforeAll(async () => {
    bench = await buildBench()
    base = (await slugOf("counter", { ...state("count: 0"), ...shapes("circle") }, null)).former
  }, 120_000)
  afterAll(() => bench?.close())

  async function slugOf(sample: string, files: Record<string, string>, from: FormerSlug | null, isAsked = from !== null) {
    const order = bench.order(sample, files, { app, hotUpgrade: isAsked ? { from } : null })
    const { world, lines } = await bench.build(order)
    expect(world, lines.join("\n")).toMatchObject({ code: 0 })
    expect(lines.join("\n")).not.toContain("could not be worked out")
    const { sha256, meta } = await bench.builderWith({}).collect(order.id)
    return { meta, text: lines.join("\n"), former: { release: 3, sha256, stack: "debian-13", meta } satisfies FormerSlug }
  }
  const upgrade = async (files: Record<string, string>, from: FormerSlug | null = base) =>
    slugOf("counter", { ...state("count: 0"), ...shapes("circle"), ...files }, from, true)

  const refusal = (meta: SlugMeta) => (meta.hotUpgrade?.isPossible === false ? meta.hotUpgrade.reason : undefined)
  const done = (meta: SlugMeta) => meta.hotUpgrade as Extract<HotUpgrade, { isPossible: true }>

  it("says what it would do, module by module, and keeps it in the slug", async () => {
    const { meta, text } = await upgrade({
      ...version("0.1.1"),
      ...changed("lib/routes.ex", "version 1", "version 2"),
      ...shapes("circle", "square"),
      "lib/new.ex": "defmodule Counter.New do\nend\n",
    })
    expect(meta.hotUpgrade).toEqual({
      ...{ isPossible: true, from: base.sha256, fromVersion: "0.1.0", toVersion: "0.1.1" },
      instructions: [
        "counter 0.1.0 → 0.1.1: replaces Counter.Routes, Counter.Shapes, adds Counter.New, Counter.Shape.Counter.Square, Counter.Square",
        "protocols: Counter.Shape",
      ],
    })
    expect(text).toContain("Preparing a hot upgrade from v3")
    expect(text).toContain("replaces Counter.Routes")
  })

  it("takes over a state where its module says how", async () => {
    const { meta } = await upgrade({ ...version("0.2.0"), ...state("count: 0, step: 1", CODE_CHANGE) })
    expect(done(meta).instructions).toEqual(["counter 0.1.0 → 0.2.0: takes over the state of Counter.State"])
  })

  it("follows the app's own appup", async () => {
    const appup = '{"0.1.1", [{"0.1.0", [{load_module, \'Elixir.Counter.Routes\'}]}], []}.\n'
    const files = { ...version("0.1.1"), ...changed("lib/routes.ex", "version 1", "version 2"), ...state("count: 1") }
    const { meta } = await upgrade({ ...files, "rel/appups/counter/0.1.0_to_0.1.1.appup": appup })
    expect(done(meta).instructions).toEqual(["counter 0.1.0 → 0.1.1: as its appup says"])
  })

  it("refuses what would not be loaded: the same version", async () => {
    const { meta, text } = await upgrade(changed("lib/routes.ex", "version 1", "version 2"))
    expect(refusal(meta)).toContain("has the version 0.1.0 already: raise the version in mix.exs")
    expect(text).toMatch(/ !\s+Hot upgrade refused: .* It will be rolled\./)
  })

  it("refuses what would leave running processes with a state or children that do not fit", async () => {
    const why = async (files: Record<string, string>) => refusal((await upgrade({ ...version("0.1.1"), ...files })).meta)
    expect(await why(state("count: 0, step: 1"))).toContain("The state that Counter.State begins with changed (init/1)")
    const struct = await why({ "lib/point.ex": POINT.replace("[:x]", "[:x, :y]"), ...shapes("circle") })
    expect(struct).toContain("The fields of the struct %Counter.Point{} changed (added :y)")
    expect(await why(changed("lib/application.ex", "[Counter, Counter.Cluster", "[Counter, Counter.State, Counter.Cluster"))).toContain(
      "What Counter.Application starts changed (start/2)",
    )
  })

  it("refuses a supervisor that starts others, and an agent that begins with another state", async () => {
    const both = (children: string, start: string) => ({
      "lib/family.ex": `defmodule Counter.Family do
  use Supervisor
  def start_link(_), do: Supervisor.start_link(__MODULE__, nil)
  def init(_), do: Supervisor.init([${children}], strategy: :one_for_one)
  def noted, do: "${start}"
end
defmodule Counter.Notes do
  use Agent
  def start_link(_), do: Agent.start_link(fn -> ${start} end)
end
`,
    })
    const { former } = await slugOf("counter", both("", "1"), null)
    const why = async (files: Record<string, string>) => (await slugOf("counter", { ...version("0.1.1"), ...files }, former)).meta
    expect(refusal(await why(both("Counter.Notes", "1")))).toContain("What the supervisor Counter.Family starts changed (init/1)")
    expect(refusal(await why(both("", "%{}")))).toContain("The state of the agent that Counter.Notes starts changed")
    const same = both("", "1")["lib/family.ex"].replace('noted, do: "1"', 'noted, do: "2"')
    expect(done(await why({ "lib/family.ex": same })).instructions).toEqual(["counter 0.1.0 → 0.1.1: replaces Counter.Family"])
  })

  it("upgrades a dependency whose version was raised, starts new ones and stops those that went", async () => {
    const dependency = (name: string, number: string, module: string) => ({
      [`${name}/mix.exs`]: `defmodule ${module}.MixProject do
  use Mix.Project
  def project, do: [app: :${name}, version: "${number}", deps: []]
end
`,
      [`${name}/lib/${name}.ex`]: `defmodule ${module} do\n  def version, do: "${number}"\nend\n`,
    })
    const mix = (number: string, deps: string) => ({
      "mix.exs": version(number)["mix.exs"].replace("deps: []", `deps: [${deps}]`),
    })
    const before = { ...dependency("alpha", "1.0.0", "Alpha"), ...dependency("beta", "1.0.0", "Beta") }
    const path = (name: string) => `{:${name}, path: "${name}"}`
    const { former } = await slugOf("counter", { ...mix("0.1.0", `${path("alpha")}, ${path("beta")}`), ...before }, null)
    const after = { ...dependency("alpha", "1.1.0", "Alpha"), ...dependency("gamma", "1.0.0", "Gamma") }
    const { meta } = await slugOf("counter", { ...mix("0.1.1", `${path("alpha")}, ${path("gamma")}`), ...after }, former)
    expect(meta.hotUpgrade).toMatchObject({ isPossible: true })
    expect(done(meta).instructions.toSorted()).toEqual(
      [
        "alpha 1.0.0 → 1.1.0: replaces Alpha",
        "counter 0.1.0 → 0.1.1: no code changed",
        "starts gamma 1.0.0",
        "stops beta 1.0.0",
      ].toSorted(),
    )
  })

  it("refuses what only a new start can change", async () => {
    const why = async (files: Record<string, string>, from: FormerSlug | null = base) =>
      refusal((await upgrade({ ...version("0.1.1"), ...files }, from)).meta)
    expect(await why({ "rel/vm.args.eex": "+P 300000\n" })).toContain("vm.args changed")
    expect(await why({ Procfile: "web: env A=1 /app/bin/counter start\n" })).toContain("The command of the web process changed")
    expect(await why({}, null)).toContain("Nothing runs yet")
    expect(await why({}, { ...base, stack: "debian-12" })).toContain("The stack changes (debian-12 → debian-13)")
    expect(await why({}, { ...base, sha256: "0".repeat(64) })).toContain("could not be read")
    expect(refusal((await slugOf("mixmode", {}, base)).meta)).toContain("Only releases can be upgraded in place")
  })

  it("upgrades apps of an umbrella, and refuses one that changed under its version", async () => {
    const read = (file: string) => readFileSync(`e2e/apps/umbrella/${file}`, "utf8")
    const { former } = await slugOf("umbrella", {}, null)
    const greeter = read("apps/greeter/lib/greeter.ex").replace("def greeting, do:", 'def greeting, do: String.upcase("x") <>')
    const newer = { "mix.exs": read("mix.exs").replace('"0.1.0"', '"0.1.1"'), "apps/greeter/lib/greeter.ex": greeter }
    expect(refusal((await slugOf("umbrella", newer, former)).meta)).toContain("Greeter of greeter changed under the same version 0.1.0")
    const raised = { ...newer, "apps/greeter/mix.exs": read("apps/greeter/mix.exs").replace('"0.1.0"', '"0.1.1"') }
    expect(done((await slugOf("umbrella", raised, former)).meta).instructions).toEqual(["greeter 0.1.0 → 0.1.1: replaces Greeter"])
  })
})

/** A process with a state, and a struct. */
function state(fields: string, codeChange = ""): Record<string, string> {
  return {
    "lib/state.ex": `defmodule Counter.State do
  use GenServer
  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)
  @impl true
  def init(_), do: {:ok, %{${fields}}}
  @impl true
  def handle_call(:state, _, state), do: {:reply, state, state}
${codeChange}end
`,
    "lib/point.ex": POINT,
  }
}

const CODE_CHANGE = `  @impl true
  def code_change(_, state, _), do: {:ok, Map.put(state, :step, 1)}
`
const POINT = "defmodule Counter.Point do\n  defstruct [:x]\nend\n"

/** A protocol with implementations. */
function shapes(...names: string[]): Record<string, string> {
  const modules = names.map((name) => {
    const module = `Counter.${name.charAt(0).toUpperCase()}${name.slice(1)}`
    return `defmodule ${module} do\n  defstruct []\nend\ndefimpl Counter.Shape, for: ${module} do\n  def name(_), do: "${name}"\nend\n`
  })
  const all = names.map((name) => `Counter.Shape.name(%Counter.${name.charAt(0).toUpperCase()}${name.slice(1)}{})`).join(", ")
  return {
    "lib/shape.ex": `defprotocol Counter.Shape do\n  def name(shape)\nend\n${modules.join("")}`,
    "lib/shapes.ex": `defmodule Counter.Shapes do\n  def all, do: [${all}]\nend\n`,
  }
}
