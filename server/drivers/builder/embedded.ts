import { rm, writeFile } from "node:fs/promises"
import path from "node:path"
import type { SlugStore } from "@/server/drivers/slug-store/port"
import { AppError, invariant } from "@/server/kernel/errors"
import type { Home } from "@/server/kernel/home"
import type { Container, Runner } from "@/server/runner"
import { type BuildSettings, buildEnvironment } from "./environment"
import { BUILD_LIMITS, BUILD_SECONDS, SLUG_BYTES, STOP_GRACE_SECONDS } from "./limits"
import { readOutput } from "./output"
import type { Builder, BuildWorld } from "./port"
import { readSlug } from "./slug"

/** How `stack/build` ends when it was told to stop. */
const STOPPED = 143

export interface EmbeddedBuilderParts {
  runner: Runner
  slugStore: SlugStore
  home: Pick<Home, "sources">
  settings: BuildSettings
  /** Less than what a build may use: for tests. */
  limits?: typeof BUILD_LIMITS
  seconds?: number
}

/** Builds in containers of this machine: the runner makes them, `stack/build` is what runs in them. */
export function embeddedBuilder(parts: EmbeddedBuilderParts): Builder {
  const { runner, slugStore, home, settings, limits = BUILD_LIMITS, seconds = BUILD_SECONDS } = parts
  const find = async (id: string) => (await runner.list({ kind: "build" })).find((container) => container.id === id) ?? null
  const leftBy = (id: string) => path.join(home.sources, id)
  const baseOf = (id: string) => `${leftBy(id)}.base`
  const places = new Map<string, string>()

  /** Asked for some ten times a second and always the same. */
  const logFileOf = async (id: string) => {
    const known = places.get(id) ?? (await find(id))?.logFile
    if (known) places.set(id, known)
    return known ?? null
  }

  /** A slug that is gone is laid down empty: the build then says that it could not be read. */
  const layDown = async (sha256: string, file: string) => {
    const slug = await slugStore.open(sha256).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "not_found") return null
      throw error
    })
    await writeFile(file, slug?.stream ?? "")
  }

  return {
    async start(order) {
      invariant(order.source.file === path.join(home.sources, `${order.id}.tar`), "the runner reads a build's source where the home says")
      const former = order.hotUpgrade?.from
      if (former) await layDown(former.sha256, baseOf(order.id))
      await runner.create({
        ...{ kind: "build", id: order.id, app: order.app.number, stack: order.stack, seconds, limits, hasBase: former != null },
        env: buildEnvironment(order, settings),
        labels: { app: order.app.name, commit: order.commit },
      })
    },

    async observe(buildId) {
      return worldOf(await find(buildId))
    },

    async output(buildId, offset) {
      const file = await logFileOf(buildId)
      if (!file) return { lines: [], nextOffset: offset }
      return readOutput(file, offset, async () => (await find(buildId))?.state !== "running")
    },

    async cancel(buildId) {
      await runner.stop(buildId, STOP_GRACE_SECONDS)
    },

    async collect(buildId) {
      const { files } = await runner.collect(buildId)
      if (!files.includes("slug.tar.zst") || !files.includes("meta.json")) throw new AppError("not_found", "The build left no slug.")
      const { file, meta } = await readSlug(leftBy(buildId), SLUG_BYTES)
      return { ...(await slugStore.put(file)), meta }
    },

    async remove(buildId) {
      await runner.remove(buildId)
      await rm(leftBy(buildId), { recursive: true, force: true })
      await rm(baseOf(buildId), { force: true })
      places.delete(buildId)
    },

    async forgetApp(app) {
      await runner.forgetApp(app.number)
    },
  } satisfies Builder
}

function worldOf(container: Container | null): BuildWorld {
  if (!container) return { state: "absent" }
  if (!container.exit) return { state: "running" }
  const { code, outOfMemory, outOfTime, isLost } = container.exit
  if (isLost) return { state: "lost" }
  if (outOfTime) return { state: "ended", code, reason: "out_of_time" }
  if (outOfMemory) return { state: "ended", code, reason: "out_of_memory" }
  return { state: "ended", code, reason: code === STOPPED ? "cancelled" : "exit" }
}
