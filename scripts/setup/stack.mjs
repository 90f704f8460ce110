import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { alreadyThere, run, SetupError } from "./step.mjs"

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
/** Beside `rootfs`: which definition it was made from. */
const MARKER = "definition"

/** @returns the stacks as `stack/stacks.json` defines them, with the name of the default one. */
export function readStacks(root) {
  return JSON.parse(readFileSync(path.join(root, "stack/stacks.json"), "utf8"))
}

/**
 * Makes `<home>/stacks/<name>/rootfs` by mmdebstrap, unless the one there was made from the same definition.
 * @param {{ root: string, home: string, name: string, logFile: string }} setup
 */
export async function makeStack({ root, home, name, logFile }, progress) {
  const { packages, leaveOut, stacks } = readStacks(root)
  const stack = stacks[name]
  if (!stack) throw new SetupError(`There is no stack ${name}; stack/stacks.json defines ${Object.keys(stacks).join(", ")}.`)
  const dir = path.join(home, "stacks", name)
  const definition = definitionOf({ suite: stack.suite, packages, leaveOut })
  removeUnused(dir)
  if (isCurrent(dir, definition)) alreadyThere()
  progress(`Debian ${stack.suite}`)
  const made = path.join(dir, `making-${process.pid}`)
  mkdirSync(made, { recursive: true })
  try {
    await run("mmdebstrap", bootstrapArguments({ ...stack, packages, leaveOut }, path.join(made, "rootfs")), { logFile, progress })
    makeMountPoints(path.join(made, "rootfs"))
    replace(dir, made, definition)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

/** The same words for the same content, so that a changed definition makes the stack anew. */
function definitionOf({ suite, packages, leaveOut }) {
  return createHash("sha256")
    .update(JSON.stringify([suite, packages, leaveOut]))
    .digest("hex")
    .slice(0, 16)
}

function isCurrent(dir, definition) {
  const marker = path.join(dir, MARKER)
  return existsSync(path.join(dir, "rootfs/usr")) && existsSync(marker) && readFileSync(marker, "utf8").trim() === definition
}

function bootstrapArguments({ suite, packages, leaveOut }, target) {
  const mirror = debianMirror()
  return [
    ...["--variant=minbase", "--mode=root", "--components=main", `--keyring=${KEYRING}`],
    `--include=${packages.join(",")}`,
    ...leaveOut.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    ...[suite, target],
    // Without one mmdebstrap takes Debian's own: right where apt has no Debian archive, as on Ubuntu.
    ...(mirror ? [mirror] : []),
  ]
}

/** The archive that the machine's apt uses for Debian itself, read when it is needed and written nowhere. */
function debianMirror() {
  const format = "$(ORIGIN)|$(LABEL)|$(REPO_URI)"
  const listed = spawnSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], { encoding: "utf8" })
  const archives = (listed.stdout ?? "").split("\n").filter(Boolean)
  // Before apt's first update it does not know whose archive it is; the path is then the only hint.
  const found = archives.find((line) => line.startsWith("Debian|Debian|")) ?? archives.find((line) => /^\|\|.*\/debian\/?$/.test(line))
  return found?.split("|")[2] ?? null
}

/** What containers mount into the tree: made now, since it is only read later. */
function makeMountPoints(rootfs) {
  for (const dir of ["app", "build", "phial"]) mkdirSync(path.join(rootfs, dir))
  writeFileSync(path.join(rootfs, "source.tar"), "")
}

/** A stack in use is only renamed: replicas keep the tree that they were started from. */
function replace(dir, made, definition) {
  const current = path.join(dir, "rootfs")
  if (existsSync(current)) renameSync(current, path.join(dir, `old-${Date.now()}`))
  renameSync(path.join(made, "rootfs"), current)
  writeFileSync(path.join(dir, MARKER), `${definition}\n`)
}

/** Trees of earlier definitions go once nothing has them mounted; so does what an interrupted run left. */
function removeUnused(dir) {
  if (!existsSync(dir)) return
  const left = readdirSync(dir).filter((entry) => entry.startsWith("old-") || isAbandoned(entry))
  if (left.length === 0) return
  const mounts = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(readMounts)
  for (const name of left) {
    const isMounted = mounts.some((text) => text.includes(`/${path.basename(dir)}/${name}`))
    if (!isMounted) rmSync(path.join(dir, name), { recursive: true, force: true })
  }
}

function isAbandoned(entry) {
  const [, pid] = /^making-(\d+)$/.exec(entry) ?? []
  return pid !== undefined && !existsSync(`/proc/${pid}`)
}

function readMounts(pid) {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, "utf8")
  } catch {
    return ""
  }
}
