import { type ChildProcessByStdio, execFileSync, type SpawnOptionsWithStdioTuple, spawn } from "node:child_process"
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Readable } from "node:stream"

/** A repository of one of the sample apps, ready to push. */
export interface Repository {
  dir: string
  commit(message: string): string
  git(...args: string[]): string
}

/** Nothing of the machine's own settings: a fresh laptop. */
const GIT_ENV = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", GIT_TERMINAL_PROMPT: "0" }

/** A process group of its own, as a shell gives to each command. */
const TERMINAL = { env: GIT_ENV, detached: true, stdio: ["ignore", "pipe", "pipe"] } as const satisfies SpawnOptionsWithStdioTuple<
  "ignore",
  "pipe",
  "pipe"
>

const parents: string[] = []
process.once("exit", () => {
  for (const parent of parents) rmSync(parent, { recursive: true, force: true })
})

/** @param sample a folder of e2e/apps. */
export function repositoryOf(sample: string): Repository {
  const parent = mkdtempSync(path.join(tmpdir(), "phial-app-"))
  parents.push(parent)
  const dir = path.join(parent, sample)
  cpSync(path.join(process.cwd(), "e2e/apps", sample), dir, { recursive: true })
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, env: GIT_ENV, encoding: "utf8", stdio: "pipe" }).trim()
  git("init", "--quiet", "--initial-branch=main")
  git("config", "user.email", "ada@example.com")
  git("config", "user.name", "Ada")
  const commit = (message: string) => {
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", message)
    return git("rev-parse", "HEAD")
  }
  commit(`${sample}: first version`)
  return { dir, commit, git }
}

/** @returns the commit that a branch of a remote is at, `null` when there is none or nobody answers. */
export function tipOf(repository: Repository, url: string, branch = "main"): string | null {
  try {
    return repository.git("ls-remote", url, `refs/heads/${branch}`).split("\t")[0] || null
  } catch {
    return null
  }
}

export interface Push {
  /** Ctrl-C in its terminal: git and all that it started hear it. */
  interrupt(): void
  /** All that the terminal showed so far. */
  output(): string
  /** @returns git's exit code and all that the terminal showed. */
  ended: Promise<{ code: number | null; output: string }>
}

/** @param url with the credentials in it. */
export function push(repository: Repository, url: string, refspec = "main", headers: readonly string[] = []): Push {
  const extra = headers.flatMap((header) => ["-c", `http.extraHeader=${header}`])
  return followed(spawn("git", [...extra, "push", url, refspec], { ...TERMINAL, cwd: repository.dir }))
}

/** Types a line into a terminal in the project's folder, exactly as it was copied from a page. */
export function typed(repository: Repository, line: string): Push {
  return followed(spawn("bash", ["-c", line], { ...TERMINAL, cwd: repository.dir }))
}

function followed(child: ChildProcessByStdio<null, Readable, Readable>): Push {
  let output = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => child.once("close", (code) => resolve({ code, output })))
  const interrupt = () => void (child.pid && process.kill(-child.pid, "SIGINT"))
  return { interrupt, output: () => output, ended }
}
