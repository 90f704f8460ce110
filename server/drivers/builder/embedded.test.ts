import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Container } from "@/server/runner/protocol"
import { anAppRef, type BuildBench, buildBench, endOf, outputOf } from "@/server/testing/builds"
import { noContainers, printed, until } from "@/server/testing/runner"
import type { BuildOrder } from "./port"

const COMPILES = { timeout: 120_000 }

describe.skipIf(noContainers)(`the embedded builder ${noContainers ?? ""}`, COMPILES, () => {
  let bench: BuildBench
  beforeAll(async () => {
    bench = await buildBench()
  })
  afterAll(() => bench?.close())

  const slugOf = async (order: BuildOrder) => {
    const { world, lines } = await bench.build(order)
    expect(world, lines.join("\n")).toMatchObject({ code: 0, reason: "exit" })
    return bench.builderWith({}).collect(order.id)
  }
  const answer = ({ address }: Container, path: string) =>
    until(
      async () =>
        fetch(`http://${address}:4000${path}`).then(
          (response) => response.text(),
          () => null,
        ),
      `${address}${path}`,
    )

  it("builds a release that boots, with what is known about it", async () => {
    const order = bench.order("counter", {}, { env: { GREETING: "unused" } })
    const { sha256, meta } = await slugOf(order)
    expect(meta).toMatchObject({ mode: "release", releaseName: "counter", version: "0.1.0", buildpacks: ["elixir", "releases"] })
    expect(meta.processTypes).toEqual({ web: "/app/bin/counter start" })
    expect(meta.erlang).toMatch(/^27\./)
    expect(meta.elixir).toMatch(/^1\.18\./)
    expect(meta.erts).toMatch(/^15\./)
    const replica = await bench.boot(sha256, meta.processTypes.web, { GREETING: "good day" })
    expect(await answer(replica, "/")).toContain("good day")
  })

  it("builds an app in mix mode that boots without compiling again", async () => {
    const { sha256, meta } = await slugOf(bench.order("mixmode"))
    expect(meta).toMatchObject({ mode: "mix", version: "0.1.0", buildpacks: ["elixir", "mix"] })
    const replica = await bench.boot(sha256, meta.processTypes.web)
    expect(await answer(replica, "/")).toContain("hello from mix mode")
    expect(printed(replica)).not.toContain("Compiling")
  })

  it("builds an umbrella that boots", async () => {
    const { sha256, meta } = await slugOf(bench.order("umbrella"))
    expect(meta).toMatchObject({ mode: "release", releaseName: "umbrella" })
    expect(await answer(await bench.boot(sha256, meta.processTypes.web), "/")).toContain("hello from the umbrella")
  })

  it("takes the process types of the Procfile", async () => {
    const { meta } = await slugOf(bench.order("worker"))
    expect(meta.processTypes).toEqual({ web: "env ROLE=web /app/bin/worker start", worker: "env ROLE=worker /app/bin/worker start" })
  })

  it("makes the same slug of the same source, also without its cache", async () => {
    const app = anAppRef("counter")
    const first = await slugOf(bench.order("counter", {}, { app }))
    const again = await slugOf(bench.order("counter", {}, { app }))
    const clean = await slugOf(bench.order("counter", {}, { app, cleanCache: true }))
    expect(again).toEqual(first)
    expect(clean).toEqual(first)
  })

  it("compiles only what changed, even when the commit is older than the last build", async () => {
    const app = anAppRef("counter")
    const build = async (files: Record<string, string>) => {
      const { world, lines, seconds } = await bench.build(bench.order("counter", files, { app }))
      expect(world).toMatchObject({ code: 0 })
      return { seconds, text: lines.join("\n") }
    }
    const cold = await build({})
    const same = await build({})
    const changed = await build({ "lib/routes.ex": routes("version 2") })
    const sameSize = await build({ "lib/routes.ex": routes("version 3") })
    expect(cold.text).toContain("Compiling 7 files")
    expect(same.text).not.toMatch(/Compiling \d/)
    expect(changed.text).toContain("Compiling 1 file")
    expect(sameSize.text).toContain("Compiling 1 file")
    console.info(`build, cold / nothing changed / one file: ${cold.seconds} / ${same.seconds} / ${changed.seconds} s`)
  })

  it("compiles all when config or something that code may have read changed", async () => {
    const app = anAppRef("counter")
    const text = async (files: Record<string, string>, env = {}) =>
      (await bench.build(bench.order("counter", files, { app, env }))).lines.join("\n")
    await text({ "priv/words.txt": "a" })
    expect(await text({ "priv/words.txt": "b" })).toContain("Compiling 7 files")
    expect(await text({ "priv/words.txt": "b" }, { LEVEL: "debug" })).toContain("Compiling 7 files")
    expect(await text({ "priv/words.txt": "b" }, { LEVEL: "debug" })).not.toMatch(/Compiling \d/)
  })

  it("does not trust what a failed build compiled", async () => {
    const app = anAppRef("counter")
    const build = (files: Record<string, string>) => bench.build(bench.order("counter", files, { app }))
    await build({})
    const hook = { "elixir_buildpack.config": "hook_post_compile='exit 7'\n" }
    expect((await build({ "lib/routes.ex": routes("version 9"), ...hook })).world).toMatchObject({ code: 1 })
    const order = bench.order("counter", {}, { app })
    const { meta, sha256 } = await slugOf(order)
    expect(await answer(await bench.boot(sha256, meta.processTypes.web), "/")).toContain("version 1")
  })

  it("fails with the compiler's words, and one sentence at the end", async () => {
    const { world, lines } = await bench.build(bench.order("broken"))
    expect(world).toMatchObject({ code: 1, reason: "exit" })
    expect(lines.join("\n")).toContain('undefined variable "prot"')
    expect(lines.at(-1)).toContain("did not compile")
    expect(lines.some((line) => line === "\u001b]phial;phase;compile\u0007")).toBe(true)
  })

  it("says what is missing in a repository that it cannot build", async () => {
    const fails = async (files: Record<string, string>) => (await bench.build(bench.order(null, files))).lines.at(-1)
    expect(await fails({ "README.md": "hello" })).toContain("There is no mix.exs")
    expect(await fails({ "README.md": "hello", ".buildpacks": "\n" })).toContain("names no buildpack")
    expect(await fails({ "a.txt": "hello", ".buildpacks": "/etc\n" })).toContain("no git URL")
  })

  it("builds assets where there are some, and gives the web server its defaults", async () => {
    const mix = readFileSync("e2e/apps/counter/mix.exs", "utf8")
    const alias = mix.replace(
      "deps: []]",
      'deps: [], aliases: ["assets.deploy": ["cmd mkdir -p priv/static && echo deployed >priv/static/app.js"]]]',
    )
    const order = bench.order("counter", { "mix.exs": alias, "assets/app.js": "" })
    const { meta, sha256 } = await slugOf(order)
    expect(meta.buildpacks).toEqual(["elixir", "phoenix-static", "releases"])
    const replica = await bench.boot(sha256, "bash -c 'cat lib/counter-*/priv/static/app.js; echo $PHX_SERVER $PHX_HOST'", {
      APP_NAME: "counter",
    })
    await until(async () => printed(replica).includes("true counter.localhost"), "the defaults")
    expect(printed(replica)).toContain("deployed")
  })

  it("says that Node.js is missing when assets need it and it cannot be fetched", async () => {
    const settings = { toolchainMirror: "http://192.0.2.1", nodeMirror: "http://127.0.0.1:1", appsDomain: "localhost" }
    const files = { "assets/package.json": '{"scripts":{"deploy":"true"}}' }
    const { lines } = await bench.build(bench.order("mixmode", files), bench.builderWith({ settings }))
    expect(lines.at(-1)).toContain("The assets need Node.js")
  })

  it("ends a build that is cancelled, with all that it started, and keeps the cache", async () => {
    const app = anAppRef("counter")
    await bench.build(bench.order("counter", {}, { app }))
    const builder = bench.builderWith({})
    const endless = { "elixir_buildpack.config": "hook_pre_compile='echo begun; sleep 1000 & sleep 1000'\n" }
    const order = bench.order("counter", endless, { app })
    await builder.start(order)
    await until(async () => (await outputOf(builder, order.id)).includes("begun"), "the hook")
    expect(await builder.observe(order.id)).toEqual({ state: "running" })
    await builder.cancel(order.id)
    expect(await endOf(builder, order.id)).toEqual({ state: "ended", code: 143, reason: "cancelled" })
    await builder.remove(order.id)
    expect(await builder.observe(order.id)).toEqual({ state: "absent" })
    const after = await bench.build(bench.order("counter", {}, { app }))
    expect(after.lines.join("\n")).not.toMatch(/Compiling \d/)
  })

  it("ends a build whose time is over", async () => {
    const builder = bench.builderWith({ seconds: 3 })
    const { world } = await bench.build(bench.order("counter", { "elixir_buildpack.config": "hook_pre_compile='sleep 1000'\n" }), builder)
    expect(world).toMatchObject({ reason: "out_of_time" })
  })
})

function routes(version: string): string {
  return `defmodule Counter.Routes do
  def answer(_method, _path), do: {"200 OK", "text/plain", "${version}"}
end
`
}
