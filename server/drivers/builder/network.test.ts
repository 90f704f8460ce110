import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { anAppRef, type BuildBench, buildBench } from "@/server/testing/builds"
import { type Outside, outside, publish } from "@/server/testing/outside"
import { noContainers, until } from "@/server/testing/runner"

const ROOTFS = path.resolve(".phial/stacks/debian-13/rootfs")
const OTP = "builds/otp/amd64/ubuntu-24.04"

describe.skipIf(noContainers)(`a build and the network ${noContainers ?? ""}`, { timeout: 120_000 }, () => {
  let bench: BuildBench
  let world: Outside
  beforeAll(async () => {
    bench = await buildBench()
    world = await outside()
    fillMirror(world.files)
  })
  afterAll(async () => {
    await bench?.close()
    world?.close()
  })

  const mirrored = () => bench.builderWith({ settings: { toolchainMirror: world.url, appsDomain: "localhost" } })

  it("fetches submodules, also those of submodules, and builds with them", async () => {
    const inner = publish(world.repositories, "inner.git", { "word.txt": "deep" })
    const library = {
      ...files("withsubmodule-lib", ["mix.exs", "lib/submodule_lib.ex"]),
      ".gitmodules": '[submodule "inner"]\n\tpath = inner\n\turl = ../inner.git\n',
    }
    const commit = publish(world.repositories, "lib.git", library, { inner })
    const submodules = [{ path: "vendor/lib", commit, url: `${world.gitUrl}/lib.git` }]
    const hook = { "elixir_buildpack.config": "hook_pre_compile='cat vendor/lib/inner/word.txt'\n" }
    const order = bench.order("withsubmodule", hook, { source: { file: "", submodules } })
    const { world: end, lines } = await bench.build(order)
    expect(end, lines.join("\n")).toMatchObject({ code: 0 })
    expect(lines.join("\n")).toContain("deep")
    const { sha256, meta } = await bench.builderWith({}).collect(order.id)
    const { address } = await bench.boot(sha256, meta.processTypes.web)
    const asked = () =>
      fetch(`http://${address}:4000/`).then(
        (answer) => answer.text(),
        () => null,
      )
    expect(await until(asked, "the app")).toContain("hello from the submodule")
  })

  it("refuses submodules that it cannot or must not fetch, and says which", async () => {
    const last = async (submodule: { path: string; url: string }) => {
      const submodules = [{ commit: "a".repeat(40), ...submodule }]
      const { world: end, lines } = await bench.build(bench.order("withsubmodule", {}, { source: { file: "", submodules } }))
      expect(end).toMatchObject({ code: 1 })
      return lines.at(-1)
    }
    expect(await last({ path: "vendor/lib", url: `${world.gitUrl}/none.git` })).toContain("could not be fetched")
    expect(await last({ path: "vendor/lib", url: `${world.gitUrl}/lib.git` })).toContain("has no commit")
    expect(await last({ path: "vendor/lib", url: "/etc" })).toContain("Only http")
    expect(await last({ path: "vendor/lib", url: "ext::sh -c id" })).toContain("Only http")
    expect(await last({ path: "vendor/lib", url: "git@example.com:lib.git" })).toContain("https:// URL")
    expect(await last({ path: "../../etc", url: `${world.gitUrl}/lib.git` })).toContain("leaves the repository")
  })

  it("runs the buildpacks that .buildpacks names, ours and others, one after the other", async () => {
    publish(world.repositories, "greeter.git", {
      "bin/detect": '#!/bin/bash\n[[ -f $1/greeting.txt ]] && echo "Greeter"\n',
      "bin/compile": `#!/bin/bash
echo "config: $(cat "$3/WORD"), cache: $(cat "$2/seen" 2>/dev/null || echo empty)"
echo yes >"$2/seen"
tr a-z A-Z <"$1/greeting.txt" >"$1/LOUD"
mkdir -p "$1/.profile.d" && echo 'export LOUD="$(cat /app/LOUD)"' >"$1/.profile.d/greeter.sh"
echo 'export GREETER=here' >"$(dirname "$0")/../export"
`,
      "bin/release": '#!/bin/bash\nprintf -- "---\\ndefault_process_types:\\n  web: \\"greet\\"\\n"\n',
    })
    publish(world.repositories, "echo.git", {
      "bin/detect": "#!/bin/bash\necho Echo\n",
      "bin/compile": '#!/bin/bash\necho "greeter is $GREETER"\n',
      "bin/release": '#!/bin/bash\nprintf -- "---\\ndefault_process_types:\\n  web: \\"perl -e \'sleep 1000\'\\"\\n  clock: date\\n"\n',
    })
    const app = anAppRef("packs")
    const named = `${world.gitUrl}/greeter.git\n\n${world.gitUrl}/echo.git#main\n`
    const build = () => {
      const order = bench.order(
        null,
        { "greeting.txt": "hello\n", ".buildpacks": named },
        { app, env: { WORD: "secret", PATH: "/nowhere" } },
      )
      return bench.build(order).then((built) => ({ ...built, order }))
    }
    const { lines, world: end, order } = await build()
    expect(end, lines.join("\n")).toMatchObject({ code: 0 })
    expect(lines).toContain("config: secret, cache: empty")
    expect(lines).toContain("greeter is here")
    const { meta } = await bench.builderWith({}).collect(order.id)
    expect(meta).toMatchObject({ mode: "other", processTypes: { web: "perl -e 'sleep 1000'", clock: "date" } })
    expect((await build()).lines).toContain("config: secret, cache: yes")
  })

  it("knows the names of Gigalixir's buildpacks", async () => {
    const named = ["clean-cache", "elixir", "releases"].map((name) => `https://github.com/gigalixir/gigalixir-buildpack-${name}\n`).join("")
    const { world: end, lines } = await bench.build(bench.order("counter", { ".buildpacks": named }))
    expect(end, lines.join("\n")).toMatchObject({ code: 0 })
    expect(lines.join("\n")).toContain("Buildpacks: elixir releases")
  })

  it("says which buildpack failed, or could not be fetched", async () => {
    publish(world.repositories, "bad.git", { "bin/detect": "#!/bin/bash\necho Bad\n", "bin/compile": "#!/bin/bash\necho no; exit 9\n" })
    const last = async (name: string) =>
      (await bench.build(bench.order(null, { a: "a", ".buildpacks": `${world.gitUrl}/${name}` }))).lines.at(-1)
    expect(await last("bad.git")).toContain("bad.git failed")
    expect(await last("none.git")).toContain("none.git could not be fetched")
  })

  it("builds with other versions of Erlang and Elixir from the mirror, kept for the next build", async () => {
    const versions = { ".tool-versions": "erlang 27.0.1\nelixir 1.17.3-otp-27\n" }
    const app = anAppRef("mixmode")
    const order = bench.order("mixmode", versions, { app })
    const first = await bench.build(order, mirrored())
    expect(first.world, first.lines.join("\n")).toMatchObject({ code: 0 })
    expect(first.lines.join("\n")).toContain("Installing Erlang 27.0.1")
    const { sha256, meta } = await mirrored().collect(order.id)
    expect(meta).toMatchObject({ erlang: "27.0.1", elixir: "1.17.3" })
    const which = "bash -c 'which erl elixir; sleep 1000'"
    const replica = await bench.boot(sha256, which)
    const words = await until(async () => {
      const text = readFileSync(replica.logFile, "utf8")
      return text.includes("/elixir") && text
    }, "the paths")
    expect(words).toContain("/app/.platform_tools/erlang/bin/erl")
    expect(words).toContain("/app/.platform_tools/elixir/bin/elixir")
    const booted = await bench.boot(sha256, meta.processTypes.web)
    const asked = () =>
      fetch(`http://${booted.address}:4000/`).then(
        (answer) => answer.text(),
        () => null,
      )
    expect(await until(asked, "the app")).toContain("hello from mix mode")
    const second = await bench.build(bench.order("mixmode", versions, { app }), mirrored())
    expect(second.lines.join("\n")).not.toContain("Installing")
  })

  it("takes the stack's versions where they satisfy what is asked", async () => {
    const { lines } = await bench.build(bench.order("mixmode", { "elixir_buildpack.config": "erlang_version=27\nelixir_version=1.18\n" }))
    expect(lines.join("\n")).not.toContain("Installing")
  })

  it("refuses a version that the mirror does not have, with the list of those it has", async () => {
    const { world: end, lines } = await bench.build(bench.order("mixmode", { ".tool-versions": "erlang 26.9.9\n" }), mirrored())
    expect(end).toMatchObject({ code: 1 })
    expect(lines.join("\n")).toContain("OTP-27.0.1")
    expect(lines.at(-1)).toContain("There is no Erlang build OTP-26.9.9")
  })

  it("refuses what has another checksum than the mirror's list says", async () => {
    const { world: end, lines } = await bench.build(bench.order("mixmode", { ".tool-versions": "erlang 27.0.2\n" }), mirrored())
    expect(end).toMatchObject({ code: 1 })
    expect(lines.at(-1)).toContain("another checksum")
  })

  it("says that Hex cannot be reached when an app needs it, and needs it for no other", async () => {
    const mix = readFileSync("e2e/apps/mixmode/mix.exs", "utf8").replace("deps: []", 'deps: [{:jason, "~> 1.4"}]')
    const { world: end, lines } = await bench.build(bench.order("mixmode", { "mix.exs": mix }, { env: { HEX_MIRROR: "http://192.0.2.1" } }))
    expect(end).toMatchObject({ code: 1 })
    expect(lines.at(-1)).toContain("hex.pm cannot be reached")
  })

  it("does not reach what listens on the machine", async () => {
    const listener = createServer((socket) => socket.end("REACHED\n")).listen(0, "0.0.0.0")
    await once(listener, "listening")
    const { port } = listener.address() as AddressInfo
    // Its gateway, and the machine's address towards the outside world.
    const probe = `gateway=\${MY_POD_IP%.*}.$((\${MY_POD_IP##*.} / 64 * 64 + 1))
      for host in $gateway ${world.machine}; do echo "asks $host"; timeout 2 bash -c "cat </dev/tcp/$host/${port}" 2>/dev/null; done; true`
    const files = { "elixir_buildpack.config": "hook_pre_compile='bash ./probe.sh'\n", "probe.sh": probe }
    const { lines } = await bench.build(bench.order("mixmode", files))
    listener.close()
    expect(lines).toContain(`asks ${world.machine}`)
    expect(lines.find((line) => /^asks \d+\.\d+\.\d+\.\d+$/.test(line))).toBeDefined()
    expect(lines).not.toContain("REACHED")
  })
})

function files(app: string, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join("e2e/apps", app, name), "utf8")]))
}

/** A mirror of the layout of builds.hex.pm: the stack's own Erlang and Elixir under other numbers. */
function fillMirror(dir: string): void {
  const otp = path.join(dir, OTP)
  const elixir = path.join(dir, "builds/elixir")
  for (const folder of [otp, elixir]) mkdirSync(folder, { recursive: true })
  const erlang = erlangBuild(otp)
  const copy = path.join(otp, "OTP-27.0.2.tar.gz")
  execFileSync("cp", [erlang, copy])
  const zip = elixirBuild(elixir)
  const line = (ref: string, sum: string) => `${ref} 0123456789abcdef 2026-01-01T00:00:00Z ${sum}\n`
  writeFileSync(path.join(otp, "builds.txt"), line("OTP-27.0.1", sumOf(erlang)) + line("OTP-27.0.2", "0".repeat(64)))
  writeFileSync(path.join(elixir, "builds.txt"), line("v1.17.3-otp-27", sumOf(zip)))
}

/** @returns the tarball: the stack's Erlang with an `Install` that tells its scripts where they are, as the real ones have. */
function erlangBuild(otp: string): string {
  const work = mkdtempSync(path.join(tmpdir(), "phial-otp-"))
  const root = path.join(work, "OTP-27.0.1")
  execFileSync("cp", ["-a", path.join(ROOTFS, "usr/lib/erlang"), root])
  execFileSync("sed", ["-i", "s|/usr/lib/erlang|%ROOT%|g", ...["bin/erl", "bin/start"].map((name) => path.join(root, name))])
  writeFileSync(path.join(root, "Install"), '#!/bin/sh\nsed -i "s|%ROOT%|$2|g" bin/erl bin/start\n', { mode: 0o755 })
  const tarball = path.join(otp, "OTP-27.0.1.tar.gz")
  execFileSync("tar", ["-C", work, "-czf", tarball, "OTP-27.0.1"])
  rmSync(work, { recursive: true })
  return tarball
}

const ZIP = `find({ no_chdir => 1, wanted => sub { push @f, $_ if -f } }, "bin", "lib"); zip \\@f => $ARGV[0] or die`

/** @returns the zip file of the stack's Elixir. */
function elixirBuild(folder: string): string {
  const zip = path.join(folder, "v1.17.3-otp-27.zip")
  const cwd = path.join(ROOTFS, "usr/lib/elixir")
  execFileSync("perl", ["-MFile::Find", "-MIO::Compress::Zip=:all", "-e", `my @f; ${ZIP}`, zip], { cwd })
  return zip
}

const sumOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex")
