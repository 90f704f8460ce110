import { readFile, rm } from "node:fs/promises"
import path from "node:path"

/** What a build starts from. */
export interface BuildSource {
  /** A tar of the commit's tree, submodules of this platform included. */
  file: string
  /** Submodules that the build fetches itself. */
  submodules: ReadonlyArray<{ path: string; commit: string; url: string }>
}

/** @param sources `home.sources`. */
export function sourceFiles(sources: string, buildId: string): { archive: string; submodules: string } {
  return { archive: path.join(sources, `${buildId}.tar`), submodules: path.join(sources, `${buildId}.json`) }
}

/** The sources that pushes left for their builds. */
export function sourcesAt(sources: string) {
  return {
    /** @throws when it is gone. */
    async of(buildId: string): Promise<BuildSource> {
      const files = sourceFiles(sources, buildId)
      return { file: files.archive, submodules: JSON.parse(await readFile(files.submodules, "utf8")) as BuildSource["submodules"] }
    },
    /** Repeatable. */
    async remove(buildId: string): Promise<void> {
      const files = sourceFiles(sources, buildId)
      await Promise.all([files.archive, files.submodules].map((file) => rm(file, { force: true })))
    },
  }
}
