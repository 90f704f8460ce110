import type { SlugMeta } from "@/db/schema"
import type { Secret } from "@/server/kernel/secret"

export interface BuildOrder {
  /** The build's id: also the container's. */
  id: string
  app: { id: string; name: string; number: number }
  commit: string
  stack: string
  /** A tar of the commit's tree on the platform's disk (embedded), to be read once. */
  source: { file: string; submodules: ReadonlyArray<{ path: string; commit: string; url: string }> }
  /** The app's config, for the buildpacks' env dir: a build sees it as a run container does (gigalixir.md C.3). */
  env: Record<string, string | Secret>
  cleanCache: boolean
  /**
   * Where it was asked whether running replicas can be upgraded in place, and from which slug they would be: the builder reads it
   * from the slug store. `from` is `null` where nothing runs. The answer comes with the slug, and a refusal fails no build.
   */
  hotUpgrade: { from: FormerSlug | null } | null
}

/** The slug of the release that runs. */
export interface FormerSlug {
  release: number
  sha256: string
  stack: string
  meta: SlugMeta
}

/** `lost`: its container ended with the machine, and nobody saw how. */
export type BuildWorld =
  | { state: "absent" }
  | { state: "running" }
  | { state: "lost" }
  | { state: "ended"; code: number; reason: "exit" | "out_of_memory" | "out_of_time" | "cancelled" }

/** Source in, slug out. Embedded: a runc container with limits. Kubernetes: a Job. */
export interface Builder {
  /** Starts the container if it is absent. Repeatable. @throws AppError `unavailable`. */
  start(order: BuildOrder): Promise<void>
  observe(buildId: string): Promise<BuildWorld>
  /**
   * Reads the output from an offset in bytes: whole lines only, with their ANSI colours. `phase` marks come as lines of the form
   * `ESC]phial;phase;<name>BEL` and are to be taken out by the caller.
   */
  output(buildId: string, offset: number): Promise<{ lines: Array<{ at: Date; text: string }>; nextOffset: number }>
  /** Ends exactly this build's container. Nothing happens when it is gone. */
  cancel(buildId: string): Promise<void>
  /** After a successful end: moves the slug into the slug store. Repeatable until `remove`. @throws AppError when there is none. */
  collect(buildId: string): Promise<{ sha256: string; sizeBytes: number; meta: SlugMeta }>
  /** Forgets the container and what it left, not the app's cache. Repeatable. */
  remove(buildId: string): Promise<void>
  /** Removes an app's cache: when it is deleted. */
  forgetApp(app: { id: string; number: number }): Promise<void>
}
