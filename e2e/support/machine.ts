import { createHash } from "node:crypto"
import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import path from "node:path"

/** All that one Phial has put on the machine, by the names that carry its home's id or path; sorted, to compare. */
export function thingsOf(home: string): string[] {
  const id = createHash("sha256").update(home).digest("hex").slice(0, 6)
  return [
    ...mounts(home),
    ...loops(home),
    ...named("/run/netns", `phial-${id}-`),
    ...named("/sys/class/net", `phl${id}`),
    ...cgroups(id),
  ].sort()
}

/** How many processes run in the cgroups of one Phial below the one with this name. */
export function processesIn(home: string, container: string): number {
  const id = createHash("sha256").update(home).digest("hex").slice(0, 6)
  return everyProcess().filter((text) => text.includes(`/phial-${id}/${container}`)).length
}

function everyProcess(): string[] {
  return list("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => read(`/proc/${pid}/cgroup`) ?? [])
}

const mounts = (home: string) =>
  (read("/proc/self/mounts") ?? "")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((place) => place.startsWith(`${home}/`))
    .map((place) => `mount ${place}`)

const loops = (home: string) =>
  list("/sys/block")
    .map((name) => read(`/sys/block/${name}/loop/backing_file`)?.trim() ?? "")
    .filter((file) => file.startsWith(`${home}/`))
    .map((file) => `loop device of ${file}`)

const named = (folder: string, prefix: string) =>
  list(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => path.join(folder, name))

/** Of every hierarchy: version 1 has one a controller, version 2 one for all. */
function cgroups(id: string): string[] {
  const roots = ["/sys/fs/cgroup", ...list("/sys/fs/cgroup").map((name) => `/sys/fs/cgroup/${name}`)]
  const own = roots.filter((root) => !isLink(root)).map((root) => path.join(root, `phial-${id}`))
  return own.flatMap((folder) =>
    list(folder)
      .filter((name) => list(path.join(folder, name)).length > 0)
      .map((name) => path.join(folder, name)),
  )
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return null
  }
}

function isLink(place: string): boolean {
  try {
    return readlinkSync(place) !== ""
  } catch {
    return false
  }
}
