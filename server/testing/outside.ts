import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { randomBytes, randomInt } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { until } from "./runner"

/** A host of the outside world for builds: a network namespace with an HTTP server and a git server. */
export interface Outside {
  /** `http://…` of the files in `files`. */
  url: string
  files: string
  /** `git://…` of the repositories in `repositories`. */
  gitUrl: string
  repositories: string
  /** Where this machine is seen from there. */
  machine: string
  /** Lets a port of this host lead to a socket of ours: who listens there is seen from its address. @returns once it does. */
  lead(port: number, socket: string): Promise<void>
  close(): void
}

/** A plain file server, run by its own Node inside the namespace. */
const FILE_SERVER = `
const http = require("node:http"), fs = require("node:fs"), path = require("node:path")
http.createServer((request, response) => {
  const stream = fs.createReadStream(path.join(process.argv[1], path.normalize("/" + decodeURI(request.url))))
  stream.on("error", () => { response.statusCode = 404; response.end() })
  stream.pipe(response)
}).listen(80)
`

const FORWARDER = `
const net = require("node:net")
net.createServer((near) => {
  const far = net.connect(process.argv[2])
  near.pipe(far).pipe(near)
  near.on("error", () => far.destroy()).on("close", () => far.destroy())
  far.on("error", () => near.destroy()).on("close", () => near.destroy())
}).listen(Number(process.argv[1]))
`

export async function outside(): Promise<Outside> {
  const name = `outside-${randomBytes(3).toString("hex")}`
  const veth = `out${randomBytes(3).toString("hex")}`
  // 198.18.0.0/15 is for tests (RFC 2544).
  const net = `198.18.${randomInt(1, 255)}`
  const root = mkdtempSync(path.join(tmpdir(), "phial-outside-"))
  const [files, repositories] = [path.join(root, "files"), path.join(root, "git")]
  for (const dir of [files, repositories]) mkdirSync(dir)
  execFileSync("ip", ["netns", "add", name])
  execFileSync("ip", ["link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", name])
  execFileSync("ip", ["-batch", "-"], { input: `addr add ${net}.1/24 dev ${veth}\nlink set ${veth} up\n` })
  execFileSync("ip", ["-n", name, "-batch", "-"], { input: `addr add ${net}.2/24 dev eth0\nlink set eth0 up\nlink set lo up\n` })
  const children = [
    inside(name, process.execPath, "-e", FILE_SERVER, files),
    inside(name, "git", "daemon", "--reuseaddr", "--export-all", `--base-path=${repositories}`, repositories),
  ]
  const url = `http://${net}.2`
  writeFileSync(path.join(files, "up"), "")
  await answered(`${url}/up`)
  return {
    ...{ url, files, gitUrl: `git://${net}.2`, repositories, machine: `${net}.1` },
    lead: async (port, socket) => {
      children.push(inside(name, process.execPath, "-e", FORWARDER, String(port), socket))
      await answered(`${url}:${port}/`)
    },
    close: () => {
      for (const child of children) child.kill("SIGKILL")
      // git daemon is started by the git command and would outlive it.
      for (const pid of execFileSync("ip", ["netns", "pids", name], { encoding: "utf8" }).split("\n").filter(Boolean)) kill(Number(pid))
      execFileSync("ip", ["netns", "del", name])
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** By any status. */
const answered = (url: string) =>
  until(
    () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    url,
  )

function inside(name: string, ...command: string[]): ChildProcess {
  return spawn("ip", ["netns", "exec", name, ...command], { stdio: "ignore" })
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It was quicker.
  }
}

/** Makes a bare repository of these files, and of these submodules: path → commit. @returns the commit. */
export function publish(folder: string, name: string, files: Record<string, string>, submodules: Record<string, string> = {}): string {
  const work = mkdtempSync(path.join(tmpdir(), "phial-work-"))
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
  const git = (...args: string[]) => execFileSync("git", [...who, "-C", work, ...args], { encoding: "utf8" }).trim()
  git("init", "-q")
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(work, file)), { recursive: true })
    writeFileSync(path.join(work, file), content, { mode: content.startsWith("#!") ? 0o755 : 0o644 })
  }
  git("add", "-A")
  for (const [at, commit] of Object.entries(submodules)) git("update-index", "--add", "--cacheinfo", `160000,${commit},${at}`)
  git("commit", "-qm", "All")
  execFileSync("git", ["clone", "-q", "--bare", work, path.join(folder, name)])
  const commit = git("rev-parse", "HEAD")
  rmSync(work, { recursive: true })
  return commit
}
