import { execFile } from "node:child_process"
import { mkdir, rename, rm, writeFile } from "node:fs/promises"
import { promisify } from "node:util"
import { git, gitEnv } from "../command"
import type { Push } from "../push"
import { type BuildSource, sourceFiles } from "../sources"
import { siblingNamed, submoduleUrl } from "../submodule-url"
import { Refusal } from "./say"
import { ask } from "./web"

interface Tree {
  commit: string
  /** The folder of the repository that has it; `null` is the one that is pushed to, with the objects under way. */
  repository: string | null
  /** Where it goes in the archive: empty, or with a slash at its end. */
  prefix: string
  /** What the relative URLs of its submodules start from. */
  url: string
}

/** A submodule of a submodule of …: deeper is a mistake. */
const DEEPEST = 8

/**
 * Writes the source archive of a commit and the list of submodules that the build must fetch. Submodules that are apps of this platform
 * are put into the archive here: a build cannot reach us. @throws Refusal.
 */
export async function writeSource(push: Push, commit: string): Promise<void> {
  const files = sourceFiles(push.sources, push.id)
  await mkdir(push.sources, { recursive: true })
  const submodules: BuildSource["submodules"][number][] = []
  const fresh = `${files.archive}.new`
  try {
    await archive({ commit, repository: null, prefix: "", url: `${push.gitUrl}${push.app.name}.git` }, fresh, 0)
    await writeFile(files.submodules, JSON.stringify(submodules))
    await rename(fresh, files.archive)
  } finally {
    await rm(fresh, { force: true })
  }

  async function archive(tree: Tree, file: string, depth: number): Promise<void> {
    // Of the tree, not of the commit: files get the time of now, so that a build tool sees what changed since its last build.
    const what = ["--format=tar", `--output=${file}`, `--prefix=${tree.prefix}`, `${tree.commit}^{tree}`]
    await gitIn(tree, ["archive", ...what])
    for (const found of await submodulesOf(tree)) {
      const url = submoduleUrl(tree.url, found.url)
      if (!url) throw new Refusal(`The submodule ${tree.prefix}${found.path} is at ${found.url}: give it an https URL.`)
      const app = siblingNamed(push.gitUrl, url)
      if (app === null) submodules.push({ path: `${tree.prefix}${found.path}`, commit: found.commit, url })
      else await include({ ...found, path: `${tree.prefix}${found.path}` }, app, url, file, depth + 1)
    }
  }

  async function include(found: Submodule, app: string, url: string, into: string, depth: number): Promise<void> {
    if (depth > DEEPEST) throw new Refusal(`The submodules of ${found.path} are nested too deep.`)
    const { repository } = await ask<{ repository: string | null }>(push, "/siblings", { app })
    const tree = { commit: found.commit, repository, prefix: `${found.path}/`, url }
    const has = repository !== null && (await gitIn(tree, ["cat-file", "-e", `${found.commit}^{commit}`]).catch(() => null)) !== null
    if (!has) {
      const which = found.commit.slice(0, 7)
      throw new Refusal(`The submodule ${found.path} is at commit ${which} of the app ${app}, which is not there: push it there first.`)
    }
    const part = `${into}.${depth}`
    try {
      await archive(tree, part, depth)
      await promisify(execFile)("tar", ["--concatenate", `--file=${into}`, part], { env: gitEnv })
    } finally {
      await rm(part, { force: true })
    }
  }
}

interface Submodule {
  path: string
  commit: string
  url: string
}

async function submodulesOf(tree: Tree): Promise<Submodule[]> {
  const listed = await gitIn(tree, ["ls-tree", "-r", "-z", "--full-tree", tree.commit])
  const links = listed.split("\0").flatMap((entry) => {
    const [, commit, path] = /^160000 commit ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? []
    return commit && path ? [{ commit, path }] : []
  })
  if (links.length === 0) return []
  const urls = urlsByPath(
    await gitIn(tree, ["config", "-z", "--blob", `${tree.commit}:.gitmodules`, "--get-regexp", "^submodule\\."]).catch(() => ""),
  )
  return links.map((link) => {
    const url = urls.get(link.path)
    if (!url) throw new Refusal(`${tree.prefix}${link.path} is a submodule, but .gitmodules does not say where it comes from.`)
    return { ...link, url }
  })
}

/** Reads `submodule.<name>.<key>`, a line break and the value, each ended by a zero byte. */
function urlsByPath(config: string): Map<string, string> {
  const modules = new Map<string, { path?: string; url?: string }>()
  for (const entry of config.split("\0")) {
    const [, name, key, value] = /^submodule\.(.*)\.(path|url)\n(.*)$/s.exec(entry) ?? []
    if (name === undefined || key === undefined || value === undefined) continue
    modules.set(name, { ...modules.get(name), [key]: value })
  }
  return new Map([...modules.values()].flatMap(({ path, url }) => (path && url ? [[path, url] as const] : [])))
}

/** In the repository under way, git's own environment names it; another one must not see that. */
function gitIn(tree: Tree, args: string[]): Promise<string> {
  return tree.repository === null ? git(args) : git(["-c", "safe.directory=*", `--git-dir=${tree.repository}`, ...args], { env: gitEnv })
}
