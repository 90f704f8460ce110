import { execFileSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { type EmbeddedBuilderParts, embeddedBuilder } from "@/server/drivers/builder/embedded"
import type { Builder, BuildOrder, BuildWorld } from "@/server/drivers/builder/port"
import { embeddedSlugStore } from "@/server/drivers/slug-store/embedded"
import type { SlugStore } from "@/server/drivers/slug-store/port"
import { systemClock } from "@/server/kernel/clock"
import { SecretBox } from "@/server/kernel/secret"
import type { Container } from "@/server/runner/protocol"
import { aReplica, type TestRunner, testRunner, until } from "./runner"

/** Fills /app from the slug that lies beside the platform's socket, and runs what it is told. */
const BOOT = `set -e; [ "$SLUG" = none ] || zstd -dcq "/phial/run/$SLUG" | tar -x -C /app; export HOME=/app; cd /app
for f in .profile.d/*.sh; do [ -f "$f" ] && . "$f"; done
exec bash -c "exec $DO"`

export type Ended = Extract<BuildWorld, { state: "ended" }>

export interface BuildBench {
  part: TestRunner
  slugStore: SlugStore
  /** A driver with other settings or limits on the same runner. */
  builderWith(over: Partial<EmbeddedBuilderParts>): Builder
  /** Writes the source of a build and gives its order. @param source a sample app under e2e/apps, changed by `files`. */
  order(source: string | null, files?: Record<string, string>, over?: Partial<BuildOrder>): BuildOrder
  /** Builds to its end. */
  build(order: BuildOrder, builder?: Builder): Promise<{ world: Ended; lines: string[]; seconds: number }>
  /** Runs a slug's process in a replica. */
  boot(sha256: string, command: string | undefined, env?: Record<string, string>): Promise<Container>
  close(): Promise<void>
}

const EPOCH = "2026-01-01T00:00:00Z"
let apps = 100

/** An app of its own: builds of one app share a volume. */
export function anAppRef(name = "sample"): BuildOrder["app"] {
  return { id: randomUUID(), name, number: ++apps }
}

/** The real build container on a runner of its own. @param script what replicas begin with; `null`: the platform's own entrypoint. */
export async function buildBench(script: string | null = BOOT): Promise<BuildBench> {
  const part = await (script === null ? testRunner() : testRunner(script))
  if (script !== null) layDownStack(path.join(part.home.root, "phial"))
  const secrets = new SecretBox([Buffer.alloc(32, 1).toString("base64")])
  const slugStore = embeddedSlugStore({ dir: part.home.slugs, secrets, clock: systemClock })
  const settings = { toolchainMirror: "http://192.0.2.1", appsDomain: "localhost" }
  const builderWith = (over: Partial<EmbeddedBuilderParts>) =>
    embeddedBuilder({ runner: part.runner, slugStore, home: part.home, settings, ...over })
  const standard = builderWith({})
  let slot = 1
  return {
    ...{ part, slugStore, builderWith },
    order(source, files = {}, over = {}) {
      const id = randomUUID()
      const file = path.join(part.home.sources, `${id}.tar`)
      pack(file, source, files)
      const order = { id, commit: "c0ffee0".padEnd(40, "0"), stack: "debian-13", env: {}, cleanCache: false, hotUpgrade: null }
      const app = over.app ?? anAppRef(source ?? "sample")
      return { ...order, ...over, app, source: { file, submodules: over.source?.submodules ?? [] } }
    },
    async build(order, builder = standard) {
      const began = Date.now()
      await builder.start(order)
      const world = await endOf(builder, order.id)
      return { world, seconds: (Date.now() - began) / 1000, lines: await outputOf(builder, order.id) }
    },
    async boot(sha256, command = "false", env = {}) {
      const { stream } = await slugStore.open(sha256)
      const name = `${randomUUID()}.tar.zst`
      await writeFile(path.join(part.home.run.replicaApiDir, name), stream)
      const vars = {
        SLUG: name,
        DO: command,
        PORT: "4000",
        MY_NODE_NAME: "sample@127.0.0.1",
        MY_COOKIE: "cookie",
        RELEASE_COOKIE: "cookie",
      }
      const limits = { memoryBytes: 256_000_000, cpus: 1, cpuShares: 1024, pids: 256, diskBytes: 400_000_000 }
      const order = aReplica({ limits, id: `boot-${randomUUID().slice(0, 8)}`, app: 1, slot: ++slot, env: { ...vars, ...env } })
      return part.runner.create(order)
    },
    async close() {
      await part.removeAll()
      await part.runner.forgetApp(1)
      for (let app = 101; app <= apps; app++) await part.runner.forgetApp(app)
      await part.close()
    },
  }
}

/** All of the stack but its entrypoint. */
function layDownStack(phialDir: string): void {
  for (const entry of readdirSync("stack").filter((name) => name !== "entrypoint")) {
    rmSync(path.join(phialDir, entry), { recursive: true, force: true })
    cpSync(path.join("stack", entry), path.join(phialDir, entry), { recursive: true })
  }
}

/** As `git archive` would: all files with the commit's time. */
function pack(file: string, source: string | null, files: Record<string, string>): void {
  const work = mkdtempSync(path.join(tmpdir(), "phial-source-"))
  if (source) cpSync(path.join("e2e", "apps", source), work, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(work, name)), { recursive: true })
    writeFileSync(path.join(work, name), content, { mode: content.startsWith("#!") ? 0o755 : 0o644 })
  }
  execFileSync("tar", ["-c", "-f", file, "--sort=name", `--mtime=${EPOCH}`, "--exclude=./_build", "--exclude=./deps", "-C", work, "."])
  rmSync(work, { recursive: true })
}

export async function endOf(builder: Builder, id: string, seconds = 100): Promise<Ended> {
  const look = async () => {
    const world = await builder.observe(id)
    return world.state === "ended" && world
  }
  return until(look, `build ${id} to end`, seconds)
}

export async function outputOf(builder: Builder, id: string): Promise<string[]> {
  const all: string[] = []
  for (let offset = 0; ; ) {
    const { lines, nextOffset } = await builder.output(id, offset)
    if (nextOffset === offset) return all
    all.push(...lines.map((line) => line.text))
    offset = nextOffset
  }
}
