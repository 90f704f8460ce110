import { spawn } from "node:child_process"

/** Where Debian keeps what the runner calls; the caller's own PATH may lack the sbin folders. */
export const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** All that such programs get to know. `NODE_ENV` is there because Next's types want it everywhere. */
export const SYSTEM_ENV: NodeJS.ProcessEnv = { PATH: SYSTEM_PATH, LC_ALL: "C", NODE_ENV: "production" }

/** Nothing here takes long; what hangs must not hold up all that waits for its turn. */
export const PATIENCE_MS = 60_000

/** Runs a program to its end with an argument array. @returns its stdout. @throws Error with its last words. */
export function exec(file: string, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: SYSTEM_ENV, timeout: PATIENCE_MS, killSignal: "SIGKILL", stdio: ["pipe", "pipe", "pipe"] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk))
    child.on("error", reject)
    child.on("close", (code) => {
      if (code === 0) return resolve(Buffer.concat(out).toString())
      reject(new Error(`${file} ${args.join(" ")}: ${Buffer.concat(err).toString().trim() || `ended with ${code}`}`))
    })
    // A program that ends before it has read its input is judged by its exit code, not by the broken pipe.
    child.stdin.on("error", () => undefined)
    child.stdin.end(input ?? "")
  })
}

/** The same where a failure is an answer: what was to be removed is already gone. @returns whether it succeeded. */
export async function tryExec(file: string, args: readonly string[]): Promise<boolean> {
  return exec(file, args).then(
    () => true,
    () => false,
  )
}
