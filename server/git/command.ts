import { execFile } from "node:child_process"
import { promisify } from "node:util"

const run = promisify(execFile)
const LARGEST_OUTPUT_BYTES = 64_000_000

/** What git gets as its environment: nothing of ours, and no configuration of whoever runs us. */
export const gitEnv: Readonly<NodeJS.ProcessEnv> = {
  NODE_ENV: "production",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/nonexistent",
  LANG: "C.UTF-8",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
}

/**
 * Runs git to its end.
 * @param options.env the caller's own environment when not given: in a hook it names the repository and the objects under way.
 * @returns what it printed. @throws with its exit code and its last words.
 */
export async function git(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<string> {
  const { stdout } = await run("git", [...args], { maxBuffer: LARGEST_OUTPUT_BYTES, ...options })
  return stdout
}
