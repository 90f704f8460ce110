import { execFileSync, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { isRunning, PARTS, processOf } from "./parts"
import { until } from "./people"

/**
 * What a machine that loses its power does to one Phial: all its processes are gone at once, and all that the kernel or a file system in
 * memory held: cgroups, networks, the firewall, mounts, runc's state. Files on disk stay, and name another start of the machine.
 */
export async function restartMachine(home: string): Promise<void> {
  const id = createHash("sha256").update(home).digest("hex").slice(0, 6)
  const pids = processesOf(home, id)
  // The supervisor comes first, or it would start again what dies.
  for (const pid of pids) signal(pid)
  await until("the end of all processes", () => pids.every((pid) => !isRunning(pid)))
  for (const name of names("/run/netns", `phial-${id}-`)) run("ip", "netns", "del", name)
  for (const name of names("/sys/class/net", `phl${id}`)) if (existsSync(`/sys/class/net/${name}`)) run("ip", "link", "del", name)
  spawnSync("nft", ["delete", "table", "inet", `phial_${id}`])
  for (const mount of mountsIn(home)) run("umount", "-l", mount)
  for (const folder of cgroupsOf(id).sort((a, b) => b.length - a.length)) rmdirSync(folder)
  rmSync(`/run/phial/runc/${id}`, { recursive: true, force: true })
  for (const claim of names("/run/phial/chunks", "")) {
    const file = path.join("/run/phial/chunks", claim)
    if (readFileSync(file, "utf8").split("\n")[0] === home) rmSync(file)
  }
  forgetBoot(home)
}

/** The supervisor and all that came from it, the router, and whatever is in the home's cgroups with its monitors. */
function processesOf(home: string, id: string): number[] {
  const parts = PARTS.flatMap((part) => processOf(home, part) ?? [])
  const monitors = readdirSync(path.join(home, "containers")).map((name) => numberIn(path.join(home, "containers", name, "monitor.pid")))
  const inCgroups = cgroupsOf(id).flatMap((folder) => readFileSync(path.join(folder, "cgroup.procs"), "utf8").split("\n").map(Number))
  const roots = [...parts, ...monitors, ...inCgroups].filter((pid) => pid > 0)
  return [...new Set([...roots, ...descendantsOf(roots)])]
}

function descendantsOf(roots: readonly number[]): number[] {
  const found = new Set(roots)
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  )
  for (let before = 0; before !== found.size; ) {
    before = found.size
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])
  } catch {
    return 0
  }
}

/** Of every hierarchy: version 1 has one a controller, version 2 one for all. */
function cgroupsOf(id: string): string[] {
  const trees = ["/sys/fs/cgroup", ...names("/sys/fs/cgroup", "").map((name) => `/sys/fs/cgroup/${name}`)]
  return trees
    .map((tree) => path.join(tree, `phial-${id}`))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...foldersBelow(folder)])
}

function foldersBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => [path.join(folder, entry.name), ...foldersBelow(path.join(folder, entry.name))])
}

const mountsIn = (home: string) =>
  readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((mount) => mount.startsWith(`${home}/`))

/** What was written down names the start of the machine that it was true for: that one is over. */
function forgetBoot(home: string): void {
  const records = [
    ...readdirSync(path.join(home, "containers")).map((name) => path.join(home, "containers", name, "runtime.json")),
    ...readdirSync(path.join(home, "parts")).map((name) => path.join(home, "parts", name)),
  ]
  for (const file of records.filter((name) => name.endsWith(".json") && existsSync(name))) {
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), bootId: "00000000-0000-4000-8000-000000000000" }))
  }
}

function names(folder: string, prefix: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(prefix)) : []
}

function numberIn(file: string): number {
  try {
    return Number(readFileSync(file, "utf8").trim()) || 0
  } catch {
    return 0
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It went with its parent.
  }
}

const run = (program: string, ...args: string[]) => execFileSync(program, args)
