import { existsSync } from "node:fs"
import { readdir } from "node:fs/promises"
import path from "node:path"
import { SYSTEM_PATH } from "./exec"
import type { Machine } from "./machine"

const PROGRAMS = { runc: "runc", conmon: "conmon", nft: "nftables", ip: "iproute2", "mkfs.ext4": "e2fsprogs", mount: "mount" }

/** Pure but for looking: which Debian packages are missing. */
function missingPackages(): string[] {
  const dirs = SYSTEM_PATH.split(":")
  return Object.entries(PROGRAMS)
    .filter(([program]) => !dirs.some((dir) => existsSync(path.join(dir, program))))
    .map(([, debian]) => debian)
}

/** Whether containers can be made, and what is missing in words. */
export async function health(machine: Machine, capsDisks: boolean): Promise<{ isUp: boolean; detail: string }> {
  const missing = missingPackages()
  if (missing.length > 0) return { isUp: false, detail: `Not installed: apt-get install ${missing.join(" ")}` }
  const stacks = await readdir(machine.home.stacks).catch(() => [])
  if (stacks.length === 0) return { isUp: false, detail: "There is no stack yet." }
  return { isUp: true, detail: capsDisks ? "" : "No loop devices here: the disks of replicas and builds have no size limit." }
}
